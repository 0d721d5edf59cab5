"""Reads a source tree: its files, their syntax, their strings."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("guides", "admin", "server")
EXCLUDED = re.compile(
    r"(^|/)(node_modules|__pycache__|dist|var|build|built|\.venv)/|\.min\.(js|css)$"
    r"|^embed/src/types/bodies\.d\.ts$|^admin/i18n/locales/"
)

Check = Callable[[Path], list[str]]


def files(root: Path, suffixes: tuple[str, ...], *folders: str) -> Iterator[tuple[str, str]]:
    """Yields path and text of each of our files in these folders (default: all)."""
    for folder in folders or ("guides", "admin", "server", "embed", "tests"):
        start = root / folder
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix in suffixes and path.is_file() and not EXCLUDED.search(name):
                yield name, path.read_text(encoding="utf-8")


def python(root: Path, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yields path and syntax tree of each Python file in these folders (default: the product)."""
    for name, text in files(root, (".py",), *(folders or PRODUCT)):
        yield name, parsed(text)


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a text."""
    return ast.parse(text)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every text constant that is not a docstring."""
    stray = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in stray:
            yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` for such an expression, with … for what is not a name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module that is imported, with its line; `from a import b` counts as a and as a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def matches(name: str, text: str, pattern: str, message: str) -> list[str]:
    """Returns one violation for each match of the pattern."""
    return [f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {message} ({hit[0].strip()})" for hit in re.finditer(pattern, text)]


def blank_comments(text: str) -> str:
    """TypeScript or CSS with its comments blanked, lines kept."""
    return re.sub(r"/\*.*?\*/|(?<![:\"'`/])//[^\n]*", lambda hit: re.sub(r"[^\n]", " ", hit[0]), text, flags=re.S)
