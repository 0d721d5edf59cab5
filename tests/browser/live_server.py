"""A real server process for browser tests: the product on one site, the demo app on another, with a database of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx2

from guides import database
from tests.architecture.source_tree import ROOT

T = TypeVar("T")
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """The URLs of the two sites, and access to their database."""

    url: str
    demo: str
    database_url: str
    log: Path

    def run(self, act: Callable[[], Awaitable[T]]) -> T:
        """Runs domain code on the server's database, in a thread with its own event loop; the server sees it at the next request."""
        outcome: list[T] = []
        problems: list[BaseException] = []

        def run() -> None:
            try:
                outcome.append(asyncio.run(self._in_database(act)))
            except BaseException as error:
                problems.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        if problems:
            raise problems[0]
        return outcome[0]

    async def _in_database(self, act: Callable[[], Awaitable[T]]) -> T:
        await database.open_database(self.database_url)
        try:
            return await act()
        finally:
            await database.close_database()


@contextmanager
def serve(folder: Path, packages: Path) -> Iterator[Site]:
    """Starts the product and the demo as `make run` does, with a fresh database and the packages of this folder."""
    port, demo_port = free_ports(2)
    url = f"sqlite://{folder / 'handrail.db'}?synchronous=OFF&busy_timeout=5000"
    site = Site(f"http://127.0.0.1:{port}", f"http://localhost:{demo_port}", url, folder / "server.log")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
    environ |= {"PYTHONPATH": f"{packages}{os.pathsep}{ROOT}", "PORT": str(port), "DEMO_PORT": str(demo_port)}
    environ |= {"HANDRAIL_DATABASE_URL": url, "HANDRAIL_UPLOADS_URL": f"file://{folder / 'uploads'}", "HANDRAIL_RATE_LIMIT": "1000"}
    with site.log.open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "server", "run"], cwd=folder, env=environ, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_ready(process, site)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], site: Site) -> None:
    """Returns once both sites answer; raises with the server's log when it ended or timed out."""
    deadline = time.monotonic() + START_SECONDS
    waiting = [f"{site.url}/readyz", f"{site.demo}/deals"]
    while waiting and time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(waiting[0], timeout=2).status_code == 200:
                waiting.pop(0)
                continue
        except httpx2.TransportError:
            pass
        threading.Event().wait(0.05)
    if waiting:
        raise RuntimeError(f"the server did not come up; it said:\n{site.log.read_text(encoding='utf-8')}")


def free_ports(count: int) -> list[int]:
    """Returns ports that nobody listens on."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
