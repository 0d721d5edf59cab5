"""Databases for tests: a SQLite file copied for each test, or one PostgreSQL database truncated between them."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from guides import database

CHOSEN = os.environ.get("HANDRAIL_TEST_DATABASE", "sqlite")
SERVER = os.environ.get("HANDRAIL_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
PRAGMAS = "?synchronous=OFF&busy_timeout=5000"


class SqliteFiles:
    """One migrated file, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.db"
        asyncio.run(migrated(f"sqlite://{self.template}{PRAGMAS}"))

    async def fresh(self, folder: Path) -> str:
        """Returns the URL of an empty database in this folder."""
        shutil.copyfile(self.template, folder / "handrail.db")
        return f"sqlite://{folder / 'handrail.db'}{PRAGMAS}"


class PostgresDatabase:
    """One migrated database, made for this run and dropped after it."""

    def __init__(self) -> None:
        self.name = f"handrail_test_{os.getpid()}"
        self.url = urlsplit(SERVER)._replace(path=f"/{self.name}").geturl()
        self.tables: list[str] = []

    @contextmanager
    def made(self) -> Iterator[PostgresDatabase]:
        """The database while it is there."""
        asyncio.run(self._execute(SERVER, f"DROP DATABASE IF EXISTS {self.name}", f"CREATE DATABASE {self.name}"))
        try:
            asyncio.run(self._prepare())
            yield self
        finally:
            asyncio.run(self._execute(SERVER, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))

    async def fresh(self, folder: Path) -> str:
        """The address of the database, emptied."""
        # a TRUNCATE makes new files, which takes five times as long; as a replica nothing that refers to a row objects
        await self._execute(self.url, "SET session_replication_role = replica", *(f"DELETE FROM {table}" for table in self.tables))
        return self.url

    async def _prepare(self) -> None:
        await self._execute(SERVER, f"ALTER DATABASE {self.name} SET synchronous_commit = off")
        await migrated(self.url)
        connection = await asyncpg.connect(self.url)
        found = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%migrations%'")
        await connection.close()
        self.tables = [f'"{row["tablename"]}"' for row in found]

    async def _execute(self, url: str, *statements: str) -> None:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


async def migrated(url: str) -> None:
    """Migrates the database at this URL and closes it."""
    await database.open_database(url)
    try:
        await database.migrate()
    finally:
        await database.close_database()
