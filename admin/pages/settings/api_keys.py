"""API keys: made, shown once, revoked."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.config import config_of
from admin.i18n.translate import gettext as _
from admin.web.access import Page, environment_for, project_for, uuid_param
from admin.web.responses import flash, page, see_other
from admin.web.sessions import member_of
from admin.web.urls import url_for
from guides.accounts.api_keys import Purpose, create_key, keys_of, revoke_key
from guides.errors import Invalid
from guides.models import ApiKey, Role


async def keys(request: Request) -> Response:
    """The public keys and the working secret ones, by environment."""
    return await _shown(request)


async def make(request: Request) -> Response:
    """A new key of the environment one is in; the page that answers is the only one that shows it."""
    environment, form = await environment_for(request, Role.ADMIN), await request.form()
    typed = {"label": str(form.get("label", "")), "purpose": str(form.get("purpose", ""))}
    if typed["purpose"] not in set(Purpose):
        raise HTTPException(422)
    sealing = config_of(request).secret_keys
    try:
        _key, secret = await create_key(environment, Purpose(typed["purpose"]), typed["label"], member_of(request), sealing=sealing)
    except Invalid as error:
        return await _shown(request, typed=typed, problem=_(error.message), status=422)
    return await _shown(request, secret=secret)


async def revoke(request: Request) -> Response:
    """Make a key worthless."""
    project = await project_for(request, Role.ADMIN)
    found = await ApiKey.filter(environment__project=project, id=uuid_param(request, "key")).select_related("environment").first()
    if found is None:
        raise HTTPException(404)
    await revoke_key(found.environment, found.id)
    flash(request, _("The key no longer works."))
    return see_other(request, url_for(request, "keys"))


async def _shown(
    request: Request, *, secret: str = "", typed: dict[str, str] | None = None, problem: str = "", status: int = 200
) -> Response:
    project = await project_for(request, Role.ADMIN)
    shown = typed or {"label": "", "purpose": Purpose.SECRET.value}
    return page(request, "settings/api_keys.html", status=status, rows=await keys_of(project), secret=secret, typed=shown, problem=problem)


PAGES = [
    Page("keys", "/settings/keys", keys, access=Role.ADMIN),
    Page("make_key", "/settings/keys", make, ["POST"], Role.ADMIN),
    Page("revoke_key", "/settings/keys/{key}/revoke", revoke, ["POST"], Role.ADMIN),
]
