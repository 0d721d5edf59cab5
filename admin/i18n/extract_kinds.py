"""Extracts the visible texts of kinds for pybabel: labels, hints and choices of fields, titles of metrics, messages of problems."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from io import BytesIO
from typing import Any

ASSIGNED = {"label", "plural", "purpose", "part", "title", "_WHERE"}
CALLS = {  # how many of the leading arguments are visible texts
    "form_field": 2,
    "Problem": 2,
    "Count": 1,
    "Funnel": 1,
    "CountByItem": 1,
    "TargetFoundRate": 1,
    "Score": 1,
    "Distribution": 1,
    "Answers": 1,
    "Template": 3,
    "gettext_noop": 1,
}
SKIPPED = {"Template": 1}  # leading arguments that are keys
KEYWORDS = {"section", "unit", "label", "hint", "part"}


def extract(file: BytesIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Each text of a kind's module with its line, as pybabel asks for it."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == "Body" for base in node.bases):
            yield node.lineno, "gettext", node.name, []
        for text in _texts(node):
            if isinstance(text, ast.Constant) and isinstance(text.value, str) and any(letter.isalpha() for letter in text.value):
                yield text.lineno, "gettext", text.value, []


def _texts(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield from node.args[SKIPPED.get(node.func.id, 0) : CALLS[node.func.id]]
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS:
                yield keyword.value
            elif keyword.arg == "choices" and isinstance(keyword.value, ast.Dict):
                yield from keyword.value.values
    elif isinstance(node, ast.Assign):
        yield from (value for target in node.targets for value in _assigned_texts(target, node.value))
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield from _assigned_texts(node.target, node.value)


def _assigned_texts(target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
    pairs = zip(target.elts, value.elts, strict=True) if both else [(target, value)]  # type: ignore[attr-defined]
    yield from (text for name, text in pairs if isinstance(name, ast.Name) and name.id in ASSIGNED)
