"""The admin's static files: scripts, one style sheet and one icon sprite, at paths that change with their contents."""

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
_STYLE_SHEETS = (
    *("tokens", "base", "layout", "nav", "buttons", "fields", "badges", "tables", "charts"),
    *("dialogs-and-menus", "list-rows", "settings", "shell"),
)
_CONTENT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
CACHE_FOREVER = "public, max-age=31536000, immutable"


@cache
def files() -> dict[str, bytes]:
    """Every file by its name, whatever its folder; all style sheets are admin.css, all icons icons.svg."""
    contents = {
        path.name: path.read_bytes() for path in sorted(_FOLDER.rglob("*")) if path.suffix in _CONTENT_TYPES and path.suffix != ".css"
    }
    contents["admin.css"] = b"\n".join(_read_css(name) for name in [*_STYLE_SHEETS, *_page_style_sheets(), "utilities"])
    contents["icons.svg"] = _sprite().encode()
    return contents


@cache
def digest() -> str:
    """The hash of all contents, which is part of every address."""
    sha256 = hashlib.sha256()
    for name, content in sorted(files().items()):
        sha256.update(name.encode() + b"\0" + content + b"\0")
    return sha256.hexdigest()[:12]


def static(name: str) -> str:
    """The path of a file by its name."""
    return f"/admin/static/{digest()}/{name}"


async def serve(request: Request) -> Response:
    """Serves a file; browsers cache it forever when the path has the current digest."""
    name = request.path_params["name"]
    content = files().get(name)
    if content is None:
        raise HTTPException(404)
    cache_control = CACHE_FOREVER if request.path_params["digest"] == digest() else "no-store"
    return Response(content, headers={"Content-Type": _CONTENT_TYPES[Path(name).suffix], "Cache-Control": cache_control})


def _read_css(name: str) -> bytes:
    return (_FOLDER / "css" / f"{name}.css").read_bytes()


def _page_style_sheets() -> list[str]:
    """The style sheets of single pages, which come after the shared ones."""
    return sorted(path.stem for path in (_FOLDER / "css").glob("*.css") if path.stem not in {*_STYLE_SHEETS, "utilities"})


def _sprite() -> str:
    """All icons as SVG symbols; a kind's icon is kind-<slug>."""
    ours = (_FOLDER / "icons.svg").read_text(encoding="utf-8").rsplit("</svg>", 1)[0]
    theirs = [_icon_symbol(slug, folder_of(kind) / "icon.svg") for slug, kind in kinds().items()]
    return ours + "\n".join(theirs) + "\n</svg>\n"


def _icon_symbol(slug: str, path: Path) -> str:
    drawn = path.read_text(encoding="utf-8") if path.exists() else ""
    content = re.search(r"<svg[^>]*>(.*)</svg>", drawn, re.DOTALL)
    return f'<symbol id="i-kind-{slug}" viewBox="0 0 16 16">{content[1] if content else ""}</symbol>'
