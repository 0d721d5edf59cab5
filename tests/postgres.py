"""Checks that a PostgreSQL answers at a URL; run by `.ci/with-postgres`, fails with one line."""

import asyncio
import sys

import asyncpg


async def answers(url: str) -> None:
    """Connects and closes; raises what asyncpg or the socket raises."""
    connection = await asyncpg.connect(url, timeout=5)
    await connection.close()


if __name__ == "__main__":
    try:
        asyncio.run(answers(sys.argv[1]))
    except Exception as error:
        sys.exit(f"No PostgreSQL answers at {sys.argv[1]}: {error}")
