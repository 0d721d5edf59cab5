"""The rule about file names: they are made of the words in names.txt, and a new word is added there on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_tree import EXCLUDED

LIST = Path(__file__).with_name("names.txt")
FOLDERS = ("guides", "admin", "server", "embed/src", "embed/build", "tests")
SUFFIXES = {".py", ".ts", ".js", ".mjs", ".css", ".html", ".sql", ".md", ".txt"}


def unlisted_words_in_file_names(root: Path) -> list[str]:
    """Every word in the name of a file or folder is listed in tests/architecture/names.txt."""
    listed = set(LIST.read_text(encoding="utf-8").split())
    return [f"{name}: “{word}” is not in {LIST.name}" for name in _paths(root) for word in _words_of(name) if word not in listed]


def _words_of(path: str) -> list[str]:
    """Returns the lower-case words of a path, in order: `embed/src/deep-find.ts` gives embed, src, deep, find."""
    stem = path.rpartition(".")[0]
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", stem)]


def _paths(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix in SUFFIXES and not re.search(r"(^|/)(kinds|plugins)/[^/]+/", name) and not _is_excluded(name):
                yield name


def _is_excluded(name: str) -> bool:
    return bool(EXCLUDED.search(name)) and not name.startswith("embed/build/")


if __name__ == "__main__":
    ROOT = Path(__file__).parents[2]
    LIST.write_text("\n".join(sorted({word for name in _paths(ROOT) for word in _words_of(name)})) + "\n", encoding="utf-8")
