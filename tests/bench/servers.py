"""Server processes under measurement, all started in the same way, and the processor time they use."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import sysconf
from pathlib import Path

import httpx2

from tests.bench.trees import CURRENT, Tree

START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """One running server and where it logs."""

    port: int
    pid: int
    log: Path

    def cpu(self) -> float:
        """Seconds of processor time used so far, in steps of a clock tick; 0 where the system does not say."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / sysconf("SC_CLK_TCK")


PRODUCT = ("-m", "server", "serve")
COUNTING = ("-P", str(Path(__file__).with_name("counting_server.py")), "serve")
BARE = ("-m", "uvicorn", "tests.bench.bare:app", "--no-access-log", "--no-server-header", "--lifespan", "off", "--log-level", "warning")


@contextmanager
def started(
    command: Sequence[str], ready: str, environ: Mapping[str, str], folder: Path, tree: Tree = CURRENT, port: int = 0
) -> Iterator[Server]:
    """A server of that tree in a process of its own, until the block ends; raises RuntimeError with its log when it does not come up."""
    port = port or free_port()
    log = folder / f"{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)],
            cwd=folder,
            env=tree.environ({"PORT": str(port), **environ}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}{ready}", log)
        yield Server(port, process.pid, log)
    finally:
        _stop(process)


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(url, timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            threading.Event().wait(0.05)
    raise RuntimeError(f"the server did not come up; its log:\n{log.read_text(encoding='utf-8')}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
