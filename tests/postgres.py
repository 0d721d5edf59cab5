"""Does a PostgreSQL answer here? Run by `.ci/with-postgres` with an address; fails with one line if not."""

import asyncio
import sys

import asyncpg


async def answers(url: str) -> None:
    """Connect and let go; raises what asyncpg or the socket raises."""
    connection = await asyncpg.connect(url, timeout=5)
    await connection.close()


if __name__ == "__main__":
    try:
        asyncio.run(answers(sys.argv[1]))
    except Exception as error:
        sys.exit(f"No PostgreSQL answers at {sys.argv[1]}: {error}")
