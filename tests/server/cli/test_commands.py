"""The command handrail, as somebody at a console sees it."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

ROOT = Path(__file__).parents[3]
KEY = "Zk3vQ9xW1mB7rT5yL2nC8dF4gH6jP0sA"


def environ(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def handrail(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command in that folder and wait for its end."""
    command = [sys.executable, "-m", "server", *words]
    return subprocess.run(command, cwd=folder, env=environ(**more), capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def running(folder: Path, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on, ended by force at the latest."""
    command = [sys.executable, "-m", "server", *words]
    process = subprocess.Popen(command, cwd=folder, env=environ(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[str]) -> None:
    """Return when the address answers; connections wait in the queue of the socket until then."""
    for _ in range(600):
        assert process.poll() is None, process.communicate()
        try:
            if httpx2.get(url, timeout=20).status_code == 200:
                return
        except httpx2.ConnectError:
            continue
    raise AssertionError(f"{url} did not come up")


def test_a_fresh_machine_shows_the_product_the_demo_and_the_way_in(tmp_path: Path) -> None:
    ports = {"PORT": str(free_port()), "DEMO_PORT": str(free_port())}
    product, demo = f"http://127.0.0.1:{ports['PORT']}", f"http://localhost:{ports['DEMO_PORT']}"
    for sign in (signal.SIGTERM, signal.SIGINT):
        with running(tmp_path, "run", **ports) as process:
            assert process.stdout
            said = "".join(next(iter(process.stdout.readline, "")) for _ in range(5))
            assert f"{product}/admin" in said and demo in said and f"{product}/admin/setup?token=" in said
            assert httpx2.get(f"{product}/readyz").text == "ready"
            assert "data-environment" in httpx2.get(f"{demo}/deals").text
            process.send_signal(signal.SIGHUP)
            assert httpx2.get(f"{product}/livez").text == "alive"
            process.send_signal(sign)
            assert process.wait(timeout=10) == 0
    assert handrail(tmp_path, "demo").returncode == 0


def test_serving_ends_in_order_with_connections_still_open(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "serve", "--port", str(port)) as process, httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        assert process.stdout
        assert "/admin/setup?token=" in "".join(process.stdout.readline() for _ in range(2))
        answer = client.get("/readyz")
        assert "server" not in answer.headers and "date" in answer.headers
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_reader_that_goes_away_is_no_reason_to_end(tmp_path: Path) -> None:
    ports = {"PORT": str(free_port()), "DEMO_PORT": str(free_port())}
    with running(tmp_path, "run", **ports) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        process.stderr.close()
        wait_for(f"http://127.0.0.1:{ports['PORT']}/readyz", process)
        assert httpx2.get(f"http://127.0.0.1:{ports['PORT']}/embed/v1/boot").status_code == 405
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_several_processes_serve_one_port(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "serve", "--port", str(port), "--workers", "2") as process:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0


@pytest.mark.parametrize(
    ("words", "more", "said"),
    [
        (("serve",), {"HANDRAIL_NONSENSE": "1"}, "HANDRAIL_NONSENSE"),
        (("serve",), {"HANDRAIL_SECRET_KEY": "changeme"}, "HANDRAIL_SECRET_KEY"),
        (("serve", "--host", "0.0.0.0"), {}, "HANDRAIL_SECRET_KEY"),
        (("serve", "--host", "0.0.0.0"), {"HANDRAIL_SECRET_KEY": KEY, "HANDRAIL_DEBUG": "1"}, "HANDRAIL_DEBUG"),
        (("run",), {"HANDRAIL_PUBLIC_URL": "http://help.example.com", "HANDRAIL_SECRET_KEY": KEY}, "HANDRAIL_PUBLIC_URL"),
        (("settings",), {"HANDRAIL_PROXY_HOPS": "*"}, "HANDRAIL_PROXY_HOPS"),
    ],
)
def test_what_must_not_be_stops_the_start_with_78(tmp_path: Path, words: tuple[str, ...], more: dict[str, str], said: str) -> None:
    ended = handrail(tmp_path, *words, **more)
    assert ended.returncode == 78 and said in ended.stderr and "Traceback" not in ended.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        ended = handrail(tmp_path, "serve", "--port", str(held.getsockname()[1]))
    assert ended.returncode == 78 and "cannot be listened on" in ended.stderr


def test_a_plugin_that_does_not_load_is_named_and_can_be_left_out(tmp_path: Path) -> None:
    package = tmp_path / "packages" / "acme_poll-1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-poll\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[handrail.kinds]\npoll = acme_poll:kind\n")
    found = {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path / 'packages'}"}
    ended = handrail(tmp_path, "serve", "--port", str(free_port()), **found)
    assert ended.returncode == 78 and "poll (acme_poll:kind)" in ended.stderr and "HANDRAIL_SAFE_MODE" in ended.stderr
    port = free_port()
    with running(tmp_path, "serve", "--port", str(port), HANDRAIL_SAFE_MODE="1", **found) as process:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)


def test_settings_are_printed_without_their_secrets(tmp_path: Path) -> None:
    ended = handrail(tmp_path, "settings", HANDRAIL_SECRET_KEY=KEY)
    assert "HANDRAIL_EVENT_DAYS=400" in ended.stdout and KEY not in ended.stdout + ended.stderr


def test_an_operator_sets_up_from_the_console(tmp_path: Path) -> None:
    assert "member" in handrail(tmp_path, "doctor").stdout
    assert "0001_initial" in handrail(tmp_path, "migrate").stdout
    assert handrail(tmp_path, "migrate").stdout == "The database is up to date.\n"
    refused = handrail(tmp_path, "member", "add", "nadia@example.com", "--role", "owner")
    assert refused.returncode == 1 and "handrail project add" in refused.stderr
    assert "hr_pub_" in handrail(tmp_path, "project", "add", "Acme").stdout
    added = handrail(tmp_path, "member", "add", "Nadia@Example.com", "--role", "owner")
    assert added.returncode == 0 and "/admin/invitation?token=" in added.stdout
    assert handrail(tmp_path, "member", "add", "not an address").returncode == 1
    handrail(tmp_path, "project", "add", "Second")
    assert "acme, second" in handrail(tmp_path, "member", "add", "x@example.com").stderr
    assert handrail(tmp_path, "work", "--once").returncode == 0
    assert "wrong  members" in handrail(tmp_path, "doctor").stdout


def test_the_types_are_checked_from_the_console(tmp_path: Path) -> None:
    assert handrail(tmp_path, "types", "--check").returncode == 0


def test_an_older_program_does_not_touch_a_newer_database(tmp_path: Path) -> None:
    handrail(tmp_path, "migrate")
    with sqlite3.connect(tmp_path / "var" / "handrail.db") as connection:
        connection.execute("INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('guides', '9999_later', '2030-01-01')")
    connection.close()
    ended = handrail(tmp_path, "serve", "--port", str(free_port()))
    assert ended.returncode == 78 and "9999_later" in ended.stderr
