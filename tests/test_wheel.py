"""The wheel: what is installed elsewhere holds everything, and runs without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

SHIPPED = {
    "guides": (".py", ".sql", ".txt", ".html", ".ts", ".css", ".svg"),
    "admin": (".py", ".html", ".js", ".css", ".svg", ".md", ".mo", ".po", ".png", ".woff2"),
    "server": (".py", ".html", ".js", ".css", ".svg", ".json", ".png"),
    "embed/dist": (".js", ".mjs", ".json"),
}
BOOT = """
import asyncio, sys
from pathlib import Path
import httpx2
import guides, server.app
from server.config.settings import Settings

assert not Path(guides.__file__).is_relative_to(sys.argv[1]), guides.__file__

async def main():
    app = server.app.create_app(Settings.from_process())
    async with app.started(), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8000") as web:
        for path in ("/embed.js", "/admin/setup", "/admin/login", "/readyz"):
            print(path, (await web.get(path)).status_code)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which nothing but the wheel was installed."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, text=True)
    return folder


def test_the_wheel_holds_every_file_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder, suffixes in SHIPPED.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts
    }
    assert wanted - held == set()
    tops = {name.partition("/")[0] for name in held}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"guides", "admin", "server", "embed"}


def test_what_is_installed_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    program = [str(installed / "bin" / "handrail"), "migrate"]
    assert run(program, installed, tmp_path).returncode == 0
    assert (tmp_path / "var" / "handrail.db").exists()
    outcome = run([sys.executable, "-c", BOOT, str(ROOT)], installed, tmp_path)
    assert dict(line.rsplit(" ", 1) for line in outcome.stdout.splitlines()) == {
        "/embed.js": "200",
        "/admin/setup": "200",
        "/admin/login": "200",
        "/readyz": "200",
    }, outcome.stderr


def run(command: list[str], installed: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it in that folder with the installed packages before the checkout's."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
    environ["PYTHONPATH"] = str(installed)
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120)
