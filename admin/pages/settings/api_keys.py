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
from guides.accounts.api_keys import KeyPurpose, create_key, list_keys, revoke_key
from guides.errors import Invalid
from guides.models import ApiKey, Role


async def api_keys(request: Request) -> Response:
    """Lists the public keys and the active secret ones, by environment."""
    return await _render(request)


async def create(request: Request) -> Response:
    """Creates a key of the current environment; only this response shows it."""
    environment, form = await environment_for(request, Role.ADMIN), await request.form()
    typed = {"label": str(form.get("label", "")), "purpose": str(form.get("purpose", ""))}
    if typed["purpose"] not in set(KeyPurpose):
        raise HTTPException(422)
    secret_keys = config_of(request).secret_keys
    try:
        _key, secret = await create_key(
            environment, KeyPurpose(typed["purpose"]), typed["label"], member_of(request), secret_keys=secret_keys
        )
    except Invalid as error:
        return await _render(request, typed=typed, problem=_(error.message), status=422)
    return await _render(request, secret=secret)


async def revoke(request: Request) -> Response:
    """Revokes a key at once."""
    project = await project_for(request, Role.ADMIN)
    key = await ApiKey.filter(environment__project=project, id=uuid_param(request, "api_key")).select_related("environment").first()
    if key is None:
        raise HTTPException(404)
    await revoke_key(key.environment, key.id)
    flash(request, _("The key no longer works."))
    return see_other(request, url_for(request, "api_keys"))


async def _render(
    request: Request, *, secret: str = "", typed: dict[str, str] | None = None, problem: str = "", status: int = 200
) -> Response:
    project = await project_for(request, Role.ADMIN)
    typed = typed or {"label": "", "purpose": KeyPurpose.SECRET.value}
    keys = await list_keys(project)
    return page(request, "settings/api_keys.html", status=status, keys=keys, secret=secret, typed=typed, problem=problem)


PAGES = [
    Page("api_keys", "/settings/keys", api_keys, access=Role.ADMIN),
    Page("create_api_key", "/settings/keys", create, ["POST"], Role.ADMIN),
    Page("revoke_api_key", "/settings/keys/{api_key}/revoke", revoke, ["POST"], Role.ADMIN),
]
