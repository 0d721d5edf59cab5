"""Rules about the shape of code: sizes, names, imports, the clock, environment variables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.architecture.source_tree import blank_comments, dotted, files, functions, literals, python

MAX_FUNCTION_LINES, MAX_FILE_LINES, MEDIAN_FUNCTION_LINES = 60, 400, 10
MAX_TEMPLATE_COLUMNS = 140
VAGUE_WORDS = {"manager", "service", "helper", "helpers", "util", "utils", "handler", "processor", "data", "info", "base", "common"}
VAGUE_LOCALS = {"found", "one", "held", "said", "told", "kept", "given", "asked", "known", "inner", "place", "word", "whole", "where"}
VAGUE_LOCALS |= {"odds", "wish"}
ALLOWED_FILES = {"admin/components/base.html", "admin/static/css/base.css"}
ALLOWED_NAMES = {
    "COMMON_EVENTS": "those every kind has",
    "_common": "passwords that many chose",
    "info": "what pydantic calls a field",
    "data_received": "what asyncio calls bytes that came",
}


def long_functions(root: Path) -> list[str]:
    """A function is at most 60 lines, and half of them are under 10."""
    sizes = {
        f"{name}:{each.lineno}: {each.name}": (each.end_lineno or each.lineno) - each.lineno + 1
        for name, tree in python(root)
        for each in functions(tree)
    }
    violations = [f"{place} has {size} lines" for place, size in sizes.items() if size > MAX_FUNCTION_LINES]
    if sizes and median(sizes.values()) >= MEDIAN_FUNCTION_LINES:
        violations.append(f"the usual function has {median(sizes.values())} lines")
    return violations


def long_template_lines(root: Path) -> list[str]:
    """Lines of templates have at most 140 columns, but for a text that stands alone: split tags at their attributes."""
    return [
        f"{name}:{number}: {len(line)} columns"
        for name, text in files(root, (".html",), "admin", "guides/kinds")
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > MAX_TEMPLATE_COLUMNS and not re.fullmatch(r"""\s*(["']).*\1,?""", line)
    ]


def long_files(root: Path) -> list[str]:
    """A file is at most 400 lines."""
    sizes = ((name, text.count("\n")) for name, text in files(root, (".py", ".ts", ".css", ".html", ".js", ".mjs", ".sql")))
    return [f"{name} has {size} lines" for name, size in sizes if size > MAX_FILE_LINES]


def vague_names(root: Path) -> list[str]:
    """No manager, service, helper and so on in the name of a file, class, function, column or constant."""
    violations = [
        f"{name}: the file's name is vague"
        for name, _ in files(root, (".py", ".ts", ".css", ".html", ".js"), "guides", "admin", "server", "embed/src")
        if _words(Path(name).name.split(".")[0]) & VAGUE_WORDS and name not in ALLOWED_FILES
    ]
    for name, tree in python(root):
        violations += [
            f"{name}:{line}: “{word}” is vague" for line, word in _defined(tree) if _words(word) & VAGUE_WORDS and word not in ALLOWED_NAMES
        ]
    for name, text in files(root, (".ts",), "embed/src", "guides/kinds"):
        for hit in re.finditer(r"\b(?:function|class|interface|type|const|let)\s+([A-Za-z_$][\w$]*)", blank_comments(text)):
            if _words(hit[1]) & VAGUE_WORDS:
                violations.append(f"{name}: “{hit[1]}” is vague")
    return violations


def vague_locals(root: Path) -> list[str]:
    """A parameter or local is named for what it is: not found, one, said and so on."""
    return [
        f"{name}:{line}: “{word}” does not say what it is"
        for name, tree in python(root)
        for line, word in sorted(set(_locals(tree)))
        if word in VAGUE_LOCALS
    ]


def imports_inside_functions(root: Path) -> list[str]:
    """Imports stand at the top."""
    return [
        f"{name}:{node.lineno}: an import inside {each.name}"
        for name, tree in python(root)
        for each in functions(tree)
        for node in ast.walk(each)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def environment_read_elsewhere(root: Path) -> list[str]:
    """The environment is read once, in server/config/settings.py."""
    return [
        f"{name}:{node.lineno}: reads the environment"
        for name, tree in python(root)
        if name != "server/config/settings.py"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and dotted(node) in {"os.environ", "os.getenv", "os.environb"})
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and any("env" in alias.name for alias in node.names))
    ]


def clocks_elsewhere(root: Path) -> list[str]:
    """Only guides/clock.py asks what time it is."""
    clocks = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$")
    return [
        f"{name}:{node.lineno}: {dotted(node)} reads another clock"
        for name, tree in python(root)
        if name != "guides/clock.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and clocks.search(dotted(node))
    ]


def kinds_named_elsewhere(root: Path) -> list[str]:
    """Only a kind knows its own name: no other code contains the slug of a kind as a word in a string."""
    slugs = sorted(path.parent.name for path in root.glob("guides/kinds/*/__init__.py"))
    if not slugs:
        return []
    word = re.compile(rf"(?<![\w-])({'|'.join(slugs)})s?(?![\w-])", re.I)
    violations = []
    for name, tree in python(root):
        if not name.startswith(("guides/kinds/", "server/demo/")) and name != "guides/registry.py":
            violations += [
                f"{name}:{text.lineno}: names a kind ({text.value[:60]!r})" for text in literals(tree) if word.search(text.value)
            ]
    for name, text in files(root, (".ts", ".js", ".html"), "embed/src", "admin/static", "admin/pages", "admin/components"):
        for hit in re.finditer(r"\"([^\"\n]*)\"|'([^'\n]*)'", blank_comments(text)):
            if word.search(hit[1] or hit[2] or ""):
                violations.append(f"{name}: names a kind ({hit[0][:60]})")
    return violations


def kinds_with_io(root: Path) -> list[str]:
    """A kind does no I/O: nothing in guides/kinds is async or awaits."""
    awaits = ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith
    violations = []
    for name, tree in python(root, "guides/kinds"):
        violations += [f"{name}:{node.lineno}: is asynchronous" for node in ast.walk(tree) if isinstance(node, awaits)]
    return violations


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def _locals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yields parameters everywhere, and the variables and functions that functions define."""
    yield from ((node.lineno, node.arg) for node in ast.walk(tree) if isinstance(node, ast.arg))
    for each in functions(tree):
        for node in ast.walk(each):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.lineno, node.id
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node is not each:
                yield node.lineno, node.name


def _defined(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yields the names that modules and classes define; locals of functions do not count."""
    holders = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
    for holder in holders:
        for line in holder.body:
            targets = line.targets if isinstance(line, ast.Assign) else [line.target] if isinstance(line, ast.AnnAssign) else []
            yield from ((line.lineno, target.id) for target in targets if isinstance(target, ast.Name))
