"""Rules about what is shipped: migrations, lock files, sizes of built files, paths in the docs."""

from __future__ import annotations

import ast
import gzip
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.source_tree import PRODUCT, dotted, imports, literals, matches, parsed, python

DESTRUCTIVE_SQL = r"(?i)\b(drop\s+(table|column)|alter\s+column|delete\s+from|truncate)\b"
ALLOWED_OPERATIONS = {"CreateModel", "AddField", "AddIndex", "AddConstraint", "RunPython"}
MAX_SIZES = {"loader.js": 1500, "runtime.js": 6144, "kit.js": 12000}
ALWAYS_LOADED = ("loader.js", "runtime.js")
FIRST_SHOWING_LOADS = ("kit.js", "anchor.js")
PROVIDED_BY = {
    "pydantic": {"pydantic-core", "annotated-types"},
    "jinja2": {"markupsafe"},
    "starlette": {"anyio"},
    "tortoise-orm": {"asyncpg"},
}
MAX_PAGE_VIEW, MAX_FIRST_SHOWING, MAX_RENDERER = 7680, 18432, 5120
BOOT_EXAMPLE = Path(__file__).parents[1] / "shared_cases" / "boot.json"


def destructive_migrations(root: Path) -> list[str]:
    """Migrations only add: altering or dropping on SQLite rebuilds the table and cascades."""
    violations = []
    for path in sorted(root.glob("guides/migrations/[0-9]*.py")):
        tree, name = parsed(path.read_text(encoding="utf-8")), path.relative_to(root).as_posix()
        for node in ast.walk(tree):
            act = dotted(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
            if re.match(r"(Alter|Remove|Delete|Rename|RunSQL)", act) and act not in ALLOWED_OPERATIONS:
                violations.append(f"{name}:{node.lineno}: {act} is destructive")
        for text in literals(tree):
            violations += matches(
                name, text.value, r"(?i)\b(drop\s+(table|column)|alter\s+column|delete\s+from|truncate)\b", "is destructive"
            )
    return violations


def locks_with_locations(root: Path) -> list[str]:
    """Lock files contain versions and hashes, and no host, URL or folder."""
    violations = []
    for path in sorted(root.glob("requirements*.lock")):
        lines = path.read_text(encoding="utf-8")
        violations += matches(path.name, lines, r"(?m)://|file:|^\s*-[a-z]|^\s*--(?!hash=)\S+|\s@\s", "contains a location")
        violations += [f"{path.name}: {each} has no hash" for each in re.findall(r"(?m)^(\S+==\S+)[^\\\n]*$", lines)]
    for path in sorted(root.glob("embed/package-lock.json")):
        violations += matches(path.name, path.read_text(encoding="utf-8"), r"\"resolved\"\s*:|\.tgz\"", "contains a location")
    return violations


def unlocked_dependencies(root: Path) -> list[str]:
    """Everything pyproject.toml asks for is in the lock that is installed."""
    pyproject = root / "pyproject.toml"
    if not pyproject.exists():
        return []
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    test = [*project["dependencies"], *extras.get("build", []), *extras.get("test", [])]
    wanted = {"requirements.lock": [*project["dependencies"], *extras.get("build", [])], "requirements-test.lock": test}
    return [
        f"{lock}: {_name(need)} is missing; run make lock"
        for lock, needs in wanted.items()
        for need in needs
        if _name(need) not in _locked(root / lock)
    ]


def undeclared_imports(root: Path) -> list[str]:
    """Every package that the product imports is a dependency in pyproject.toml; a transitive one is not enough."""
    pyproject = root / "pyproject.toml"
    if not pyproject.exists():
        return []
    needs = {_name(need) for need in tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["dependencies"]}
    needs |= {part for need in needs for part in PROVIDED_BY.get(need, ())}
    brings, ours = packages_distributions(), {*PRODUCT, *sys.stdlib_module_names}
    return [
        f"{name}:{line}: {module} is not among the dependencies"
        for name, tree in python(root)
        for line, module in imports(tree)
        if (top := module.partition(".")[0]) not in ours and not needs & {_name(each) for each in brings.get(top, [])}
    ]


def oversized_builds(root: Path) -> list[str]:
    """What a host page loads stays small, gzipped."""
    manifest = root / "embed/dist/manifest.json"
    if not manifest.exists():
        return []
    built = json.loads(manifest.read_text(encoding="utf-8"))
    folder, sizes = root / "embed/dist" / built["current"], {"loader.js": _gzipped(root / "embed/dist/loader.js")}
    sizes |= {path.name: _gzipped(path) for path in sorted(folder.glob("*.js"))}
    renderers = set(built["kinds"].values())
    violations = [f"{name} is {sizes[name]} bytes, {limit} at most" for name, limit in MAX_SIZES.items() if sizes.get(name, 0) > limit]
    violations += [f"{name} is {sizes[name]} bytes, {MAX_RENDERER} at most" for name in renderers if sizes.get(name, 0) > MAX_RENDERER]
    return [*violations, *_over_budget(sizes, renderers, _gzipped(BOOT_EXAMPLE))]


def _over_budget(sizes: dict[str, int], renderers: set[str], boot: int) -> list[str]:
    """Checks the two budgets: a page view with nothing to show, and a first popover of one step."""
    always = sum(sizes.get(name, 0) for name in ALWAYS_LOADED) + boot
    first = always + sum(sizes.get(name, 0) for name in FIRST_SHOWING_LOADS) + max((sizes.get(name, 0) for name in renderers), default=0)
    budgets = (("a page with nothing to show", always, MAX_PAGE_VIEW), ("a first showing", first, MAX_FIRST_SHOWING))
    return [f"{what} loads {size} bytes, {limit} at most" for what, size, limit in budgets if size > limit]


def chunks_that_import_chunks(root: Path) -> list[str]:
    """A chunk imports only the runtime and the kit statically; others are loaded when needed."""
    manifest = root / "embed/dist/manifest.json"
    folder = root / "embed/dist" / json.loads(manifest.read_text(encoding="utf-8"))["current"] if manifest.exists() else root / "embed/dist"
    allowed: dict[str, set[str]] = {"runtime.js": set(), "kit.js": {"runtime.js"}}
    return [
        f"{path.name} imports {other}"
        for path in sorted(folder.glob("*.js"))
        for other in re.findall(r"""(?:from|import)\s*["']\./([\w-]+\.js)["']""", path.read_text(encoding="utf-8"))
        if other not in allowed.get(path.name, {"runtime.js", "kit.js"})
    ]


def missing_paths_in_docs(root: Path) -> list[str]:
    """Every path that README.md, CONTRIBUTING.md and SECURITY.md name in backquotes exists."""
    paths = re.compile(r"`((?:guides|admin|server|embed|tests)/[\w./-]+)`")
    return [
        f"{path.name}: {name} does not exist"
        for path in sorted(root.glob("*.md"))
        for name in paths.findall(path.read_text(encoding="utf-8"))
        if not (root / name).exists()
    ]


def _gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9)) if path.exists() else 0


def _name(need: str) -> str:
    return re.split(r"[\[<>=!~ ;]", need)[0].lower().replace("_", "-")


def _locked(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {_name(line) for line in re.findall(r"(?m)^([A-Za-z0-9._-]+)==", text)}
