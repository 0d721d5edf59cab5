"""The editor of one guide: its draft as a form that is saved while it is typed, and the edits of its lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from admin.forms import list_edits
from admin.forms.form import find_schema
from admin.forms.read import read_draft
from admin.i18n.translate import gettext as _
from admin.pages.guides import audience
from admin.pages.guides.conflict import ConflictView, conflict_view
from admin.pages.guides.editor_context import editor_context
from admin.pages.guides.header import form_pairs, get_kind, guide_header, read_form, read_revision
from admin.pages.guides.saved_blocks import saved_blocks
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

Edit = tuple[Any, str]


async def show(request: Request) -> Response:
    """The editor, or only the blocks that change when another part is chosen."""
    guide = await guide_for(request, Role.VIEWER)
    return await _answer(request, guide, "changed", request.query_params.get("part", ""))


async def save(request: Request) -> Response:
    """Save the posted draft, valid or not; answers 409 with both sides when somebody else saved in between."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await read_form(request)
    draft = read_draft(get_kind(guide).Body, form_pairs(posted), guide.draft)
    return await _save(request, guide, posted, draft)


async def edit_list(request: Request) -> Response:
    """Add, copy, move or remove an item, whatever the kind and the list; the rest of the form is saved with it."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await read_form(request)
    body = get_kind(guide).Body
    action, _colon, path = str(posted.get("_do", "")).partition(":")
    list_edit = _LIST_EDITS.get(action)
    if list_edit is None:
        raise Invalid("The form is incomplete; load the page again.")
    try:
        draft, target = list_edit(body, read_draft(body, form_pairs(posted), guide.draft), path)
    except Invalid as error:
        flash(request, _(error.message), "bad")
        return await _answer(request, guide, "changed", str(posted.get("_part", "")))
    if action == "remove":
        flash(request, _("Removed."), undo=url_for(request, "guide_put_back", guide=guide.id, revision=guide.revision) + f"?path={path}")
    return await _save(
        request, guide, posted, draft, chosen=_key_at(draft, target), focus=_focus(action, path.partition(":")[0], target), with_form=True
    )


async def restore_item(request: Request) -> Response:
    """Put a removed item back into the current draft, as it was in the save of that revision."""
    guide = await guide_for(request, Role.EDITOR)
    number, path = str(request.path_params["revision"]), request.query_params.get("path", "")
    save = (
        await DraftSave.get_or_none(guide=guide, revision=int(number))
        if number.isascii() and number.isdigit() and len(number) < 10
        else None
    )
    if save is None:
        raise Unknown("This is too long ago to be undone.")
    draft, target = list_edits.restore_item(guide.draft, save.draft, path)
    guide = await drafts.save_draft(guide, revision=guide.revision, by=member_of(request), draft=draft)
    return await _answer(request, guide, "changed", _key_at(draft, target) or "")


async def undo(request: Request) -> Response:
    """Restore the draft before the latest save."""
    return await _undo_or_redo(request, drafts.undo)


async def redo(request: Request) -> Response:
    """Revert the latest undo."""
    return await _undo_or_redo(request, drafts.redo)


async def rename(request: Request) -> Response:
    """Give the guide another name."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await read_form(request)
    try:
        guide = await drafts.save_draft(guide, revision=read_revision(posted), by=member_of(request), name=str(posted.get("name", "")))
    except Conflict:
        flash(request, _("Somebody else saved this guide just now. Look at it before you rename it."), "bad")
    except Invalid as error:
        flash(request, _(error.message), "bad")
    if not is_htmx(request):
        return see_other(request, url_for(request, "guide", guide=guide.id))
    response = partial(request, "guides/editor.html", "named", **await editor_context(request, guide, ""))
    return with_triggers(request, response, **{"handrail:renamed": {}})


async def allow_host(request: Request) -> Response:
    """Allow the project's guides to show images or videos from one more host."""
    guide = await guide_for(request, Role.ADMIN)
    posted = await read_form(request)
    await allow_image_host(guide.project, str(posted.get("host", "")))
    message = (
        _("Videos from %(host)s are allowed now.")
        if posted.get("host") in VIDEO_HOSTS.values()
        else _("Images from %(host)s are allowed now.")
    )
    flash(request, message % {"host": posted.get("host", "")})
    await guide.project.refresh_from_db()
    request.state.context.project.image_hosts = guide.project.image_hosts
    return await _answer(request, guide, "host_allowed", str(posted.get("_part", "")))


async def _undo_or_redo(request: Request, operation: Callable[..., Awaitable[Guide]]) -> Response:
    guide = await guide_for(request, Role.EDITOR)
    posted = await read_form(request)
    try:
        await operation(guide, revision=read_revision(posted), by=member_of(request))
    except Unknown as error:
        flash(request, _(error.message))
    except Conflict:
        flash(request, _("Somebody else saved this guide just now. Look at it before you undo."), "bad")
    stored = await guide_for(request, Role.EDITOR)
    if posted.get("_tab") == "guide_audience":
        return await audience.render_settings(request, stored)
    return await _answer(request, stored, "changed", str(posted.get("_part", "")))


async def _save(
    request: Request, guide: Guide, posted: FormData, draft: Any, *, chosen: str | None = None, focus: str = "", with_form: bool = False
) -> Response:
    """Save a draft and answer the blocks that changed; `with_form` also the form of the chosen part."""
    part = str(posted.get("_part", "")) if chosen is None else chosen
    before = await guide_header(request, guide)
    try:
        saved = await drafts.save_draft(guide, revision=read_revision(posted), by=member_of(request), draft=draft)
    except Conflict as conflict:
        return await _conflict(request, guide, conflict_view(request, guide, posted, draft, conflict))
    if not is_htmx(request):
        return see_other(request, url_for(request, "guide", guide=guide.id) + f"?part={part}")
    after = before.with_guide(saved, context_of(request).project)
    checksum, focus = str(posted.get("_checksum", "")), focus or str(posted.get("_focus", ""))
    blocks = await saved_blocks(request, before, after, part, checksum, focus=focus, with_form=with_form)
    if blocks is None:
        return await _answer(request, saved, "changed", part, focus)
    return partial(request, "guides/editor.html", "saved", **blocks)


async def _conflict(request: Request, guide: Guide, conflict: ConflictView) -> Response:
    if is_htmx(request):
        return with_triggers(
            request, partial(request, "guides/editor.html", "conflict", status=409, conflict=conflict), **{"handrail:conflict": {}}
        )
    return page(request, "guides/editor.html", status=409, conflict=conflict, **await editor_context(request, guide, ""))


async def _answer(request: Request, guide: Guide, name: str, part: str, focus: str = "") -> Response:
    variables = await editor_context(request, guide, part, focus)
    if is_htmx(request) and request.headers.get("HX-History-Restore-Request") != "true":
        return partial(request, "guides/editor.html", name, **variables)
    return (
        page(request, "guides/editor.html", **variables)
        if request.method == "GET"
        else see_other(request, url_for(request, "guide", guide=guide.id))
    )


def _focus(action: str, path: str, target: str) -> str:
    """The id or path to focus after an edit inside a part: the item that was added or moved, else the button that adds one."""
    if action in ("up", "down") and len(target.split(".")) == 2:
        return ""
    if action in ("add", "up", "down", "rule"):
        return target
    if action == "remove":
        return f"f-{path.rpartition('.')[0].replace('.', '-')}-add"
    return {"fill": path, "clear": "f-" + path.replace(".", "-")}.get(action, "")


def _key_at(draft: Any, path: str) -> str | None:
    """The key of the part at a path of the main list; None for any other path, so that the chosen part stays."""
    steps = path.split(".")
    parts = draft.get(steps[0]) if isinstance(draft, dict) else None
    if len(steps) != 2 or not isinstance(parts, list):
        return None
    return str(parts[int(steps[1])].get("key", "")) if int(steps[1]) < len(parts) else ""


def _add(body: type[Body], draft: Any, argument: str) -> Edit:
    path, _colon, variant = argument.partition(":")
    return list_edits.add_item(body, draft, path, variant=variant)


def _move_by(offset: int) -> Callable[[type[Body], Any, str], Edit]:
    def move(body: type[Body], draft: Any, path: str) -> Edit:
        index = path.rpartition(".")[2]
        return list_edits.move_item(draft, path, int(index) + offset) if _is_number(index) else (draft, "")

    return move


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _move_to(body: type[Body], draft: Any, argument: str) -> Edit:
    path, _colon, index = argument.rpartition(":")
    return list_edits.move_item(draft, path, int(index)) if _is_number(index) else (draft, "")


def _edit_rule(body: type[Body], draft: Any, argument: str) -> Edit:
    """Edit one rule: the argument is its path, the action and the position, as in steps.1.conditions:row:0."""
    path, action, position = [*argument.split(":"), "", ""][:3]
    schema = find_schema(body, path.split("."))
    if schema is None or schema.widget != "rule":
        raise Invalid("There is no such part any more.")
    edited = list_edits.edit_rule(draft, path, action, position)
    return edited, list_edits.last_row_id(edited, path)


_LIST_EDITS: dict[str, Callable[[type[Body], Any, str], Edit]] = {
    "add": _add,
    "copy": list_edits.copy_item,
    "remove": lambda body, draft, path: list_edits.remove_item(draft, path),
    "up": _move_by(-1),
    "down": _move_by(1),
    "move": _move_to,
    "fill": lambda body, draft, path: (list_edits.with_optional(body, draft, path), ""),
    "clear": lambda body, draft, path: (list_edits.without_optional(draft, path), ""),
    "rule": _edit_rule,
    "redraw": lambda body, draft, path: (draft, ""),
}

PAGES = [
    Page("guide", "/guides/{guide}", show, access=Role.VIEWER),
    Page("guide_save", "/guides/{guide}/save", save, ["POST"], Role.EDITOR),
    Page("guide_part", "/guides/{guide}/part", edit_list, ["POST"], Role.EDITOR),
    Page("guide_put_back", "/guides/{guide}/put-back/{revision}", restore_item, ["POST"], Role.EDITOR),
    Page("guide_undo", "/guides/{guide}/undo", undo, ["POST"], Role.EDITOR),
    Page("guide_redo", "/guides/{guide}/redo", redo, ["POST"], Role.EDITOR),
    Page("guide_name", "/guides/{guide}/name", rename, ["POST"], Role.EDITOR),
    Page("guide_image_host", "/guides/{guide}/image-host", allow_host, ["POST"], Role.ADMIN),
]
