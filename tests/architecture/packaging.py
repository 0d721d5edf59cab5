"""What is shipped: migrations, lock files, the sizes of what is built."""

from __future__ import annotations

import ast
import gzip
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.source_tree import PRODUCT, dotted, found, imports, literals, parsed, python

TAKES = r"(?i)\b(drop\s+(table|column)|alter\s+column|delete\s+from|truncate)\b"
ADDS = {"CreateModel", "AddField", "AddIndex", "AddConstraint", "RunPython"}
SIZES = {"loader.js": 1500, "runtime.js": 6144, "kit.js": 12000}
ALWAYS = ("loader.js", "runtime.js")
STARTED = ("kit.js", "anchor.js")
COME_WITH = {
    "pydantic": {"pydantic-core", "annotated-types"},
    "jinja2": {"markupsafe"},
    "starlette": {"anyio"},
    "tortoise-orm": {"asyncpg"},
}
NOTHING, FIRST_SHOWING, RENDERER = 7680, 18432, 5120
BOOT = Path(__file__).parents[1] / "shared_cases" / "boot.json"


def migrations_that_take(root: Path) -> list[str]:
    """Migrations only add: altering or dropping on SQLite rebuilds the table and cascades."""
    sins = []
    for path in sorted(root.glob("guides/migrations/[0-9]*.py")):
        tree, name = parsed(path.read_text(encoding="utf-8")), path.relative_to(root).as_posix()
        for node in ast.walk(tree):
            act = dotted(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
            if re.match(r"(Alter|Remove|Delete|Rename|RunSQL)", act) and act not in ADDS:
                sins.append(f"{name}:{node.lineno}: {act} does not only add")
        for text in literals(tree):
            sins += found(
                name, text.value, r"(?i)\b(drop\s+(table|column)|alter\s+column|delete\s+from|truncate)\b", "takes something away"
            )
    return sins


def locks_that_name_a_place(root: Path) -> list[str]:
    """Lock files name versions and hashes, and no host, address or folder."""
    sins = []
    for path in sorted(root.glob("requirements*.lock")):
        lines = path.read_text(encoding="utf-8")
        sins += found(path.name, lines, r"(?m)://|file:|^\s*-[a-z]|^\s*--(?!hash=)\S+|\s@\s", "names a place")
        sins += [f"{path.name}: {each} has no hash" for each in re.findall(r"(?m)^(\S+==\S+)[^\\\n]*$", lines)]
    for path in sorted(root.glob("embed/package-lock.json")):
        sins += found(path.name, path.read_text(encoding="utf-8"), r"\"resolved\"\s*:|\.tgz\"", "names a place")
    return sins


def needs_that_are_not_locked(root: Path) -> list[str]:
    """Everything pyproject.toml asks for is in the lock that is installed."""
    asked = root / "pyproject.toml"
    if not asked.exists():
        return []
    project = tomllib.loads(asked.read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    test = [*project["dependencies"], *extras.get("build", []), *extras.get("test", [])]
    wanted = {"requirements.lock": [*project["dependencies"], *extras.get("build", [])], "requirements-test.lock": test}
    return [
        f"{lock}: {_name(need)} is missing; run make lock"
        for lock, needs in wanted.items()
        for need in needs
        if _name(need) not in _locked(root / lock)
    ]


def imports_that_nobody_asked_for(root: Path) -> list[str]:
    """What the product imports stands in pyproject.toml; that something else happens to bring it is not enough."""
    asked = root / "pyproject.toml"
    if not asked.exists():
        return []
    needs = {_name(need) for need in tomllib.loads(asked.read_text(encoding="utf-8"))["project"]["dependencies"]}
    needs |= {part for need in needs for part in COME_WITH.get(need, ())}
    brings, ours = packages_distributions(), {*PRODUCT, *sys.stdlib_module_names}
    return [
        f"{name}:{line}: {module} is not among the dependencies"
        for name, tree in python(root)
        for line, module in imports(tree)
        if (top := module.partition(".")[0]) not in ours and not needs & {_name(each) for each in brings.get(top, [])}
    ]


def heavy_builds(root: Path) -> list[str]:
    """What a host page loads stays small, gzipped."""
    manifest = root / "embed/dist/manifest.json"
    if not manifest.exists():
        return []
    built = json.loads(manifest.read_text(encoding="utf-8"))
    folder, sizes = root / "embed/dist" / built["current"], {"loader.js": _gzipped(root / "embed/dist/loader.js")}
    sizes |= {path.name: _gzipped(path) for path in sorted(folder.glob("*.js"))}
    renderers = set(built["kinds"].values())
    sins = [f"{name} is {sizes[name]} bytes, {limit} at most" for name, limit in SIZES.items() if sizes.get(name, 0) > limit]
    sins += [f"{name} is {sizes[name]} bytes, {RENDERER} at most" for name in renderers if sizes.get(name, 0) > RENDERER]
    return [*sins, *_together(sizes, renderers, _gzipped(BOOT))]


def _together(sizes: dict[str, int], renderers: set[str], boot: int) -> list[str]:
    """The two visits that are promised: one with nothing to show, and one with a first popover of one step."""
    always = sum(sizes.get(name, 0) for name in ALWAYS) + boot
    first = always + sum(sizes.get(name, 0) for name in STARTED) + max((sizes.get(name, 0) for name in renderers), default=0)
    promised = (("a page with nothing to show", always, NOTHING), ("a first showing", first, FIRST_SHOWING))
    return [f"{what} loads {size} bytes, {limit} at most" for what, size, limit in promised if size > limit]


def parts_that_bring_others(root: Path) -> list[str]:
    """No file of the embed loads more than the kit and the runtime by itself; all else is asked for when it is needed."""
    manifest = root / "embed/dist/manifest.json"
    folder = root / "embed/dist" / json.loads(manifest.read_text(encoding="utf-8"))["current"] if manifest.exists() else root / "embed/dist"
    allowed: dict[str, set[str]] = {"runtime.js": set(), "kit.js": {"runtime.js"}}
    return [
        f"{path.name} brings {other}"
        for path in sorted(folder.glob("*.js"))
        for other in re.findall(r"""(?:from|import)\s*["']\./([\w-]+\.js)["']""", path.read_text(encoding="utf-8"))
        if other not in allowed.get(path.name, {"runtime.js", "kit.js"})
    ]


def _gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9)) if path.exists() else 0


def _name(need: str) -> str:
    return re.split(r"[\[<>=!~ ;]", need)[0].lower().replace("_", "-")


def _locked(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {_name(line) for line in re.findall(r"(?m)^([A-Za-z0-9._-]+)==", text)}
