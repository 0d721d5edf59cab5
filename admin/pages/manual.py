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
FIRST_CHAPTERS = (
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
    """One chapter: a file of admin/help, as HTML."""

    name: str
    title: str
    html: Markup


@cache
def chapters() -> dict[str, Chapter]:
    """Every chapter by name: FIRST_CHAPTERS, then the rest in alphabetical order."""
    by_name = {path.stem: _chapter(path) for path in sorted(FOLDER.glob("*.md"))}
    order = [*(name for name in FIRST_CHAPTERS if name in by_name), *(name for name in by_name if name not in FIRST_CHAPTERS)]
    return {name: by_name[name] for name in order}


async def manual(request: Request) -> Response:
    """The chapter of the path, or the first."""
    name = request.path_params.get("chapter", next(iter(chapters())))
    if name not in chapters():
        raise HTTPException(404)
    return page(request, "manual.html", chapters=list(chapters().values()), chapter=chapters()[name])


def _chapter(path: Path) -> Chapter:
    text = path.read_text(encoding="utf-8")
    title = re.match(r"# (.+)", text)
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return Chapter(path.stem, title[1] if title else path.stem, Markup(html.replace("<pre>", '<pre tabindex="0">')))


PAGES = [Page("manual", "/help", manual), Page("manual_chapter", "/help/{chapter}", manual)]
