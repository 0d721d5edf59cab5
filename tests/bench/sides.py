"""What is compared: each tree with its filled database and the settings of its servers."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.servers import PRODUCT, Server, started
from tests.bench.trees import Seeded, Tree, sqlite


@dataclass
class Side:
    """One tree, a folder for its files, its database, a copy of it as it was filled, and what it was filled with."""

    tree: Tree
    folder: Path
    database: Path
    filled: Path
    seeded: Seeded
    environ: dict[str, str]

    @property
    def label(self) -> str:
        """The name of the tree."""
        return self.tree.label

    @contextmanager
    def serving(self) -> Iterator[Server]:
        """The product of this tree on its database."""
        with started(PRODUCT, "/readyz", self.environ, self.folder, self.tree) as server:
            yield server


def fill(tree: Tree, folder: Path, *sizes: int) -> Side:
    """Fill a database of that tree in a new folder; about ten seconds for 200 guides and 10,000 people, which is usual."""
    folder.mkdir()
    database = folder / "handrail.db"
    seeded = tree.seed(sqlite(database), *sizes)
    filled = shutil.copyfile(database, folder / "filled.db")
    key = secrets.token_urlsafe(48)
    environ = {"HANDRAIL_DATABASE_URL": sqlite(database), "HANDRAIL_RATE_LIMIT": "1000000", "HANDRAIL_SECRET_KEY": key}
    return Side(tree, folder, database, filled, seeded, environ)
