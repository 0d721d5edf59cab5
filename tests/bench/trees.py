"""Trees of source under measurement: this one, and an earlier revision checked out beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEED = (
    "import asyncio, dataclasses, json, sys; from tests.bench import seed; "
    "print(json.dumps(dataclasses.asdict(asyncio.run(seed.seed(sys.argv[1], *map(int, sys.argv[2:]))))))"
)


@dataclass(frozen=True)
class Seeded:
    """What a load needs to know of a filled database: the public key, ids of guides, and the people's own ids."""

    key: str
    guides: list[str]
    people: list[str]


@dataclass(frozen=True)
class Tree:
    """The source of one revision."""

    label: str
    path: Path

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
        """Run Python with this tree's modules; returns its standard output, raises CalledProcessError."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=self.path, env=self.environ(environ or {}), check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def environ(self, more: Mapping[str, str]) -> dict[str, str]:
        """The environment of a process of this tree: none of the caller's own settings of Handrail."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
        return {**clean, "PYTHONPATH": str(self.path), **more}

    def seed(self, url: str, *sizes: int) -> Seeded:
        """Fill an empty database by this tree's own tests/bench/seed.py, for schemas differ; sizes: how many guides, people."""
        filled = json.loads(self.run("-c", SEED, url, *map(str, sizes)))
        return Seeded(filled["key"], filled["guides"], filled["people"])


def sqlite(file: Path) -> str:
    """The address of a database file, with the product's own pragmas."""
    return f"sqlite://{file}?synchronous=FULL&busy_timeout=5000"


def check_out(revision: str, folder: Path) -> Tree:
    """The source of an earlier revision, unpacked into that folder; raises CalledProcessError for one that git does not know."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", "--format=tar", revision], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return Tree(revision, folder)


CURRENT = Tree("this tree", ROOT)
