"""The gzipped bytes that a page loads until a first popover of one step shows."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

STARTED = ("runtime.js", "kit.js")
IMPORT = re.compile(r"""(?:import|from) ?["']\./([\w-]+\.js)["']""")


def first_showing(tree: Path) -> int:
    """The loader, a boot answer, the runtime, the kit, the heaviest renderer, and what these import by themselves; in bytes."""
    built = json.loads((tree / "embed/dist/manifest.json").read_text(encoding="utf-8"))
    folder = tree / "embed/dist" / built["current"]
    renderer = max(built["kinds"].values(), key=lambda name: _gzipped(folder / name))
    loaded = [folder / name for name in _with_imports(folder, (*STARTED, renderer))]
    answer = next((tree / "tests").rglob("boot.json"))
    return sum(map(_gzipped, [tree / "embed/dist/loader.js", answer, *loaded]))


def _with_imports(folder: Path, names: tuple[str, ...]) -> set[str]:
    loaded, todo = set(names), list(names)
    while todo:
        imported = set(IMPORT.findall((folder / todo.pop()).read_text(encoding="utf-8"))) - loaded
        loaded |= imported
        todo += imported
    return loaded


def _gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))
