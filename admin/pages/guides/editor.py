"""One guide: its draft as a form, saved as it is typed; add, copy, move and remove its parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from admin.forms import list_edits as parts
from admin.forms.form import read
from admin.i18n.translate import gettext as _
from admin.pages.guides import audience
from admin.pages.guides.editor_context import Clash, clash_of, shown
from admin.pages.guides.header import kind_of, pairs_of, posted_of, revision_of
from admin.web.access import Page, context_of, guide_for
from admin.web.responses import flash, is_htmx, page, partial, see_other, with_triggers
from admin.web.sessions import member_of
from admin.web.urls import url_for
from guides.errors import Conflict, Invalid, Unknown
from guides.kind import Body
from guides.models import DraftSave, Guide, Role
from guides.projects.projects import allow_image_host
from guides.publishing import drafts
from guides.richtext.media import VIDEO_HOSTS

Change = tuple[Any, str]


async def edit(request: Request) -> Response:
    """The editor, or only what changes when another part is chosen."""
    guide = await guide_for(request, Role.VIEWER)
    return await _answer(request, guide, "changed", request.query_params.get("part", ""))


async def save(request: Request) -> Response:
    """Store what was typed, ready or not; somebody else's save in between is shown, never overwritten."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await posted_of(request)
    draft = read(kind_of(guide).Body, pairs_of(posted), guide.draft)
    return await _saved(request, guide, posted, draft, "saved")


async def change(request: Request) -> Response:
    """Change the parts: one address for every kind and every list."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await posted_of(request)
    body = kind_of(guide).Body
    what, _colon, path = str(posted.get("_do", "")).partition(":")
    act = _ACTS.get(what)
    if act is None:
        raise Invalid("The form is incomplete; load the page again.")
    try:
        draft, where = act(body, read(body, pairs_of(posted), guide.draft), path)
    except Invalid as full:
        flash(request, _(full.message), "bad")
        return await _answer(request, guide, "changed", str(posted.get("_part", "")))
    if what == "remove":
        flash(request, _("Removed."), undo=url_for(request, "guide_put_back", guide=guide.id, revision=guide.revision) + f"?path={path}")
    return await _saved(request, guide, posted, draft, "changed", chosen=_key_at(draft, where), focus=_focus(what, path, where))


async def put_back(request: Request) -> Response:
    """Bring a removed part back as it was, into the draft as it is now."""
    guide = await guide_for(request, Role.EDITOR)
    number, path = str(request.path_params["revision"]), request.query_params.get("path", "")
    was = (
        await DraftSave.get_or_none(guide=guide, revision=int(number))
        if number.isascii() and number.isdigit() and len(number) < 10
        else None
    )
    if was is None:
        raise Unknown("This is too long ago to be undone.")
    draft, where = parts.put_back(guide.draft, was.draft, path)
    guide = await drafts.save_draft(guide, revision=guide.revision, by=member_of(request), draft=draft)
    return await _answer(request, guide, "changed", _key_at(draft, where) or "")


async def undo(request: Request) -> Response:
    """Put back what was there before the latest save."""
    return await _went(request, drafts.undo)


async def redo(request: Request) -> Response:
    """Take one undo back."""
    return await _went(request, drafts.redo)


async def rename(request: Request) -> Response:
    """Give the guide another name."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await posted_of(request)
    try:
        guide = await drafts.save_draft(guide, revision=revision_of(posted), by=member_of(request), name=str(posted.get("name", "")))
    except Conflict:
        flash(request, _("Somebody else saved this guide just now. Look at it before you rename it."), "bad")
    except Invalid as wrong:
        flash(request, _(wrong.message), "bad")
    if not is_htmx(request):
        return see_other(request, url_for(request, "guide", guide=guide.id))
    return with_triggers(
        request, partial(request, "guides/editor.html", "named", **await shown(request, guide, "")), **{"handrail:renamed": {}}
    )


async def allow_host(request: Request) -> Response:
    """Let the project's guides show images or videos from one more host."""
    guide = await guide_for(request, Role.ADMIN)
    posted = await posted_of(request)
    await allow_image_host(guide.project, str(posted.get("host", "")))
    allowed = (
        _("Videos from %(host)s are allowed now.")
        if posted.get("host") in VIDEO_HOSTS.values()
        else _("Images from %(host)s are allowed now.")
    )
    flash(request, allowed % {"host": posted.get("host", "")})
    await guide.project.refresh_from_db()
    context_of(request).project.image_hosts = guide.project.image_hosts
    return await _answer(request, guide, "saved", str(posted.get("_part", "")))


async def _went(request: Request, way: Callable[..., Awaitable[Guide]]) -> Response:
    guide = await guide_for(request, Role.EDITOR)
    posted = await posted_of(request)
    try:
        await way(guide, revision=revision_of(posted), by=member_of(request))
    except Unknown as nothing:
        flash(request, _(nothing.message))
    except Conflict:
        flash(request, _("Somebody else saved this guide just now. Look at it before you undo."), "bad")
    stands = await guide_for(request, Role.EDITOR)
    if posted.get("_tab") == "guide_audience":
        return await audience.redrawn(request, stands)
    return await _answer(request, stands, "changed", str(posted.get("_part", "")))


async def _saved(
    request: Request, guide: Guide, posted: FormData, draft: Any, name: str, chosen: str | None = None, focus: str = ""
) -> Response:
    part = str(posted.get("_part", "")) if chosen is None else chosen
    try:
        guide = await drafts.save_draft(guide, revision=revision_of(posted), by=member_of(request), draft=draft)
    except Conflict as conflict:
        return await _clash(request, guide, clash_of(request, guide, posted, draft, conflict))
    await guide.fetch_related("project", "edited_by")
    if not is_htmx(request):
        return see_other(request, url_for(request, "guide", guide=guide.id) + f"?part={part}")
    return await _answer(request, guide, name, part, focus or str(posted.get("_focus", "")))


async def _clash(request: Request, guide: Guide, clash: Clash) -> Response:
    if is_htmx(request):
        return with_triggers(request, partial(request, "guides/editor.html", "clashed", status=409, clash=clash), **{"handrail:clash": {}})
    return page(request, "guides/editor.html", status=409, clash=clash, **await shown(request, guide, ""))


async def _answer(request: Request, guide: Guide, name: str, part: str, focus: str = "") -> Response:
    found = await shown(request, guide, part, focus)
    if is_htmx(request) and request.headers.get("HX-History-Restore-Request") != "true":
        return partial(request, "guides/editor.html", name, **found)
    return (
        page(request, "guides/editor.html", **found)
        if request.method == "GET"
        else see_other(request, url_for(request, "guide", guide=guide.id))
    )


def _focus(what: str, path: str, where: str) -> str:
    """Where the hands go on after a change inside a part: in what came or moved, else at the button that brings it."""
    if what in ("up", "down") and len(where.split(".")) == 2:
        return ""
    if what in ("add", "up", "down"):
        return where
    if what == "remove":
        return f"f-{path.rpartition('.')[0].replace('.', '-')}-add"
    return {"fill": path, "clear": "f-" + path.replace(".", "-")}.get(what, "")


def _key_at(draft: Any, path: str) -> str | None:
    """The key of the part of the main list that a path lies in; None when it lies in none, so the choice stays."""
    steps = path.split(".")
    found = draft.get(steps[0]) if isinstance(draft, dict) else None
    if len(steps) != 2 or not isinstance(found, list):
        return None
    return str(found[int(steps[1])].get("key", "")) if int(steps[1]) < len(found) else ""


def _shift(by: int) -> Callable[[type[Body], Any, str], Change]:
    return lambda body, draft, path: parts.moved(draft, path, int(path.rpartition(".")[2]) + by) if _is_numbered(path) else (draft, "")


def _is_numbered(path: str) -> bool:
    return _is_number(path.rpartition(".")[2])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _move(body: type[Body], draft: Any, said: str) -> Change:
    path, _colon, to_place = said.rpartition(":")
    return parts.moved(draft, path, int(to_place)) if _is_number(to_place) else (draft, "")


_ACTS: dict[str, Callable[[type[Body], Any, str], Change]] = {
    "add": parts.added,
    "copy": parts.copied,
    "remove": lambda body, draft, path: parts.removed(draft, path),
    "up": _shift(-1),
    "down": _shift(1),
    "move": _move,
    "fill": lambda body, draft, path: (parts.filled(body, draft, path), ""),
    "clear": lambda body, draft, path: (parts.cleared(draft, path), ""),
    "redraw": lambda body, draft, path: (draft, ""),
}

PAGES = [
    Page("guide", "/guides/{guide}", edit, access=Role.VIEWER),
    Page("guide_save", "/guides/{guide}/save", save, ["POST"], Role.EDITOR),
    Page("guide_part", "/guides/{guide}/part", change, ["POST"], Role.EDITOR),
    Page("guide_put_back", "/guides/{guide}/put-back/{revision}", put_back, ["POST"], Role.EDITOR),
    Page("guide_undo", "/guides/{guide}/undo", undo, ["POST"], Role.EDITOR),
    Page("guide_redo", "/guides/{guide}/redo", redo, ["POST"], Role.EDITOR),
    Page("guide_name", "/guides/{guide}/name", rename, ["POST"], Role.EDITOR),
    Page("guide_image_host", "/guides/{guide}/image-host", allow_host, ["POST"], Role.ADMIN),
]
