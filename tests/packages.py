"""Installs packages for tests from this checkout, without network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.source_tree import ROOT


def install_poll(folder: Path) -> Path:
    """Installs the poll package from tests/plugins into this folder, as its user would."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder)]
    subprocess.run([*pip, str(ROOT / "tests/plugins/poll")], check=True, capture_output=True)
    return folder
