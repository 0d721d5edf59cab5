"""The admin's own files: one style sheet, one sprite of icons and small scripts, under an address that changes with their contents."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from guides.registry import folder_of, kinds

_FOLDER = Path(__file__).parents[1] / "static"
_SHEETS = ["tokens", "base", "layout", "nav", "buttons", "fields", "labels", "tables", "charts", "overlays", "lists", "settings", "shell"]
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
FOR_EVER = "public, max-age=31536000, immutable"


@cache
def files() -> dict[str, bytes]:
    """Every file by its name in the address; style sheets are one, icons are one."""
    found = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
    found["admin.css"] = b"\n".join(_sheet(name) for name in [*_SHEETS, *_further(), "utilities"])
    found["icons.svg"] = _sprite().encode()
    return found


@cache
def digest() -> str:
    """A name for exactly these contents."""
    whole = hashlib.sha256()
    for name, content in sorted(files().items()):
        whole.update(name.encode() + b"\0" + content + b"\0")
    return whole.hexdigest()[:12]


def static(name: str) -> str:
    """The address of one file."""
    return f"/admin/static/{digest()}/{name}"


async def serve(request: Request) -> Response:
    """One file; kept for ever by browsers when the address names its present contents."""
    name = request.path_params["name"]
    content = files().get(name)
    if content is None:
        raise HTTPException(404)
    current = request.path_params["digest"] == digest()
    return Response(content, headers={"Content-Type": _TYPES[Path(name).suffix], "Cache-Control": FOR_EVER if current else "no-store"})


def _sheet(name: str) -> bytes:
    return (_FOLDER / "css" / f"{name}.css").read_bytes()


def _further() -> list[str]:
    """Style sheets of single pages, after the shared ones."""
    return sorted(path.stem for path in (_FOLDER / "css").glob("*.css") if path.stem not in {*_SHEETS, "utilities"})


def _sprite() -> str:
    """All icons as symbols; a kind's own icon is called kind-<slug>."""
    ours = (_FOLDER / "icons.svg").read_text(encoding="utf-8").rsplit("</svg>", 1)[0]
    theirs = [_symbol(slug, folder_of(kind) / "icon.svg") for slug, kind in kinds().items()]
    return ours + "\n".join(theirs) + "\n</svg>\n"


def _symbol(slug: str, path: Path) -> str:
    drawn = path.read_text(encoding="utf-8") if path.exists() else ""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", drawn, re.DOTALL)
    return f'<symbol id="i-kind-{slug}" viewBox="0 0 16 16">{inner[1] if inner else ""}</symbol>'
