"""The manual, served by the product."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.access import Page
from admin.web.responses import page

FOLDER = Path(__file__).parent.parent / "help"
FIRST = (
    "what-a-project-is",
    "install",
    "write-a-tour",
    "who-sees-it",
    "publish-and-go-back",
    "results",
    "members",
    "keys",
)


@dataclass(frozen=True)
class Chapter:
    """One page of the manual."""

    name: str
    title: str
    html: Markup


@cache
def chapters() -> dict[str, Chapter]:
    """All pages, the first steps first, the rest by name."""
    found = {path.stem: _chapter(path) for path in sorted(FOLDER.glob("*.md"))}
    order = [*(name for name in FIRST if name in found), *(name for name in found if name not in FIRST)]
    return {name: found[name] for name in order}


async def help(request: Request) -> Response:
    """The first page of the manual, or the one named."""
    name = request.path_params.get("chapter", next(iter(chapters())))
    if name not in chapters():
        raise HTTPException(404)
    return page(request, "manual.html", chapters=list(chapters().values()), chapter=chapters()[name])


def _chapter(path: Path) -> Chapter:
    text = path.read_text(encoding="utf-8")
    title = re.match(r"# (.+)", text)
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return Chapter(path.stem, title[1] if title else path.stem, Markup(html.replace("<pre>", '<pre tabindex="0">')))


PAGES = [Page("help", "/help", help), Page("help_chapter", "/help/{chapter}", help)]
