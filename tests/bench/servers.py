"""Server processes under measurement, all started in the same way, and what they cost the processor."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.architecture.source_tree import ROOT
from tests.browser.live_server import free_ports

START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """One running server."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor it has used so far; 0 where the system does not say."""
        try:
            spent = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


PRODUCT = ("server", "serve")
BARE = ("uvicorn", "tests.bench.bare:app", "--no-access-log", "--no-server-header", "--lifespan", "off", "--log-level", "warning")


@contextmanager
def started(what: Sequence[str], ready: str, environ: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """A server in a process of its own: `handrail serve` as it is, or uvicorn around something bare."""
    (port,) = free_ports(1)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
    command = [sys.executable, "-m", *what, "--port", str(port)]
    with (folder / f"{port}.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**clean, "PYTHONPATH": str(ROOT), "PORT": str(port), **environ}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}{ready}", folder / f"{port}.log")
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(url, timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            threading.Event().wait(0.05)
    raise RuntimeError(f"the server did not come up; it said:\n{log.read_text(encoding='utf-8')}")
