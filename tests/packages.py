"""Installs packages for tests from this checkout, without network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.source_tree import ROOT

PLUGINS = [str(ROOT / "tests/plugins" / name) for name in ("poll", "survey")]


def install_plugins(folder: Path) -> Path:
    """Installs the packages of tests/plugins into this folder, as their users would."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder)]
    subprocess.run([*pip, *PLUGINS], check=True, capture_output=True)
    return folder
