"""The import contracts in pyproject.toml are kept, and each finds an import that breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

VIOLATIONS = {
    "server on top, admin below, guides at the bottom": ("admin/odd.py", "import server.config.settings"),
    "the domain in layers": ("guides/odd.py", ""),
    "the admin in layers": ("admin/web/odd.py", "import admin.forms.form"),
    "areas of pages do not know each other": ("admin/pages/odd/__init__.py", "import admin.pages.home"),
    "the process in layers": ("server/http/odd.py", "import server.app"),
    "only server.app knows the admin": ("server/odd.py", "import admin.web"),
    "the domain knows no web": ("guides/odd.py", "import starlette.requests"),
    "kinds do not know each other": ("guides/kinds/odd/__init__.py", "import guides.kinds.tour"),
    "the core never imports a kind": ("guides/odd.py", "import guides.kinds.tour"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product's Python, in which tests violate contracts."""
    copy = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for folder in ("guides", "admin", "server"):
        for path in (ROOT / folder).rglob("*.py"):
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return copy


def test_every_contract_is_kept(tree: Path) -> None:
    outcome = run_lint_imports(tree)
    assert outcome.returncode == 0, outcome.stdout
    assert f"Contracts: {len(VIOLATIONS)} kept, 0 broken." in outcome.stdout


@pytest.mark.parametrize(("contract", "violation"), VIOLATIONS.items(), ids=VIOLATIONS)
def test_a_contract_finds_the_import_that_breaks_it(tree: Path, contract: str, violation: tuple[str, str]) -> None:
    path = tree / violation[0]
    path.parent.mkdir(exist_ok=True)
    path.write_text(violation[1], encoding="utf-8")
    try:
        assert f"{contract} BROKEN" in run_lint_imports(tree).stdout
    finally:
        path.unlink()
        if path.name == "__init__.py":
            path.parent.rmdir()


def run_lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Runs lint-imports on the tree."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True, timeout=120)
