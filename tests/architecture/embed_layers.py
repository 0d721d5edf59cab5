"""The folders of embed/src in layers: a file imports from its own folder and from lower ones, types included, and never in a circle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

LAYERS = (
    "types",
    "rules",
    "core",
    "ui",
    "target | richtext",
    "position",
    "kit",
    "stage",
    "behaviors | triggers | mount | help",
    "builder | preview | editor | loader",
)
RENDERERS_IMPORT = {"kit", "bodies"}
LEVELS = {folder: level for level, folders in enumerate(LAYERS) for folder in folders.split(" | ")}
IMPORT = re.compile(r"""(?:\bfrom|\bimport) ?\(?\s*["']([^"']+)["']""")


def upward_imports(root: Path) -> list[str]:
    """Imports of a folder that is not below the importing one."""
    return [
        f"{name} imports {target}"
        for name, targets in imports_of(root / "embed/src").items()
        for target in targets
        if _folder(name) != _folder(target) and _level(target) >= _level(name)
    ]


def unplaced_folders(root: Path) -> list[str]:
    """Folders that no layer names."""
    return sorted({f"{name} is in no layer" for name in imports_of(root / "embed/src") if _folder(name) not in LEVELS})


def import_circles(root: Path) -> list[str]:
    """Files that import themselves through others: those left once whatever imports nothing else is taken away."""
    left = {name: set(targets) for name, targets in imports_of(root / "embed/src").items()}
    while free := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in free}
    return [f"{name} is in a circle or above one" for name in sorted(left)]


def renderers_that_import_values(root: Path) -> list[str]:
    """Imports of a kind's renderer but the types of "kit" and "bodies"."""
    return [
        f"{path.relative_to(root).as_posix()}: {line}"
        for path in sorted(root.glob("guides/kinds/*/*.ts"))
        for line in re.findall(r"(?m)^import .+$", path.read_text(encoding="utf-8"))
        if not line.startswith("import type ") or set(IMPORT.findall(line)) - RENDERERS_IMPORT
    ]


def imports_of(src: Path) -> Mapping[str, set[str]]:
    """The TypeScript files below embed/src, each with those it imports."""
    names = {path.relative_to(src).as_posix() for path in src.rglob("*.ts")}
    return {name: set(_resolved(name, names, (src / name).read_text(encoding="utf-8"))) for name in sorted(names)}


def _resolved(name: str, names: set[str], text: str) -> Iterator[str]:
    for spec in IMPORT.findall(text):
        path = f"types/{spec}" if spec in RENDERERS_IMPORT else _joined(PurePosixPath(name).parent, spec)
        yield from (file for file in (path, f"{path}.ts", f"{path}.d.ts", f"{path}/index.ts") if file in names)


def _joined(folder: PurePosixPath, spec: str) -> str:
    parts = list(folder.parts)
    for part in spec.split("/"):
        if part == "..":
            parts[-1:] = []
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _folder(name: str) -> str:
    return name.partition("/")[0]


def _level(name: str) -> int:
    return LEVELS.get(_folder(name), -1)
