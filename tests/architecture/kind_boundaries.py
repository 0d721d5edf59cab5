"""Rules about kinds: what they import, and that nobody else reads the fields of their bodies."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_tree import blank_comments, files, imports, python

INTERFACE = {"guides.kind", "guides.fields", "pydantic"}
IO_MODULES = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
    "urllib",
}
BODY_NAMES = {"body", "draft"}
GENERATED = "embed/src/types/bodies.d.ts"


def imports_of_kinds(root: Path) -> list[str]:
    """A kind imports guides.kind, guides.fields, pydantic, its own modules, and the standard library without I/O."""
    return [
        f"{name}:{line}: imports {module}"
        for name, tree in python(root, "guides/kinds")
        for line, module in imports(tree)
        if not _is_allowed(module, ".".join(["guides", "kinds", Path(name).parts[2]]))
    ]


def body_fields_elsewhere(root: Path) -> list[str]:
    """No file outside guides/kinds reads a field of a body: `body.steps`, `body["steps"]`, `body.get("steps")`."""
    fields = {field for _, tree in python(root, "guides/kinds") for field in _declared_fields(tree)}
    violations = []
    for name, tree in python(root):
        if not name.startswith(("guides/kinds/", "server/demo/")):
            violations += [f"{name}:{line}: reads body.{field}" for line, field in _python_reads(tree) if field in fields]
    for name, text in files(root, (".ts",), "embed/src"):
        if name != GENERATED:
            violations += [f"{name}: reads body.{field}" for field in sorted(set(_typescript_reads(blank_comments(text), fields)))]
    return violations


def _is_allowed(module: str, own: str) -> bool:
    if module.startswith((own, "guides.kind.")) or any(module == name or module.startswith(f"{name}.") for name in INTERFACE):
        return True
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names and top not in IO_MODULES


def _declared_fields(tree: ast.Module) -> Iterator[str]:
    """Yields the fields of each class whose name ends in Body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith("Body"):
            yield from (line.target.id for line in node.body if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name))


def _python_reads(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_body(node.value):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Subscript) and _is_body(node.value) and isinstance(node.slice, ast.Constant):
            yield node.lineno, str(node.slice.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and _is_body(node.func.value):
            yield from ((node.lineno, str(each.value)) for each in node.args[:1] if isinstance(each, ast.Constant))


def _is_body(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in BODY_NAMES


def _typescript_reads(text: str, fields: set[str]) -> Iterator[str]:
    for hit in re.finditer(r"""(?<!document\.)\bbody\b[)!]*(?:\s+as\s+[^\n]*?\))?(?:\?\.|\.|\[["'])(\w+)""", text):
        if hit[1] in fields:
            yield hit[1]
    for hit in re.finditer(r"\{([^{}]*)\}[^=;\n]*=\s*[\w.]*\bbody\b", text):
        yield from (field for field in re.findall(r"\w+", hit[1]) if field in fields)
