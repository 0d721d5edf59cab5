"""Scripts that browser tests run in a page, from tests/browser/scripts."""

from __future__ import annotations

from pathlib import Path


def script(name: str) -> str:
    """Returns the text of scripts/<name>.js: an expression to evaluate, or statements for add_init_script."""
    return (Path(__file__).parent / "scripts" / f"{name}.js").read_text(encoding="utf-8").strip()
