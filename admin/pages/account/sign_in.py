"""Signing in and out, in a page or over one, and choosing a new password when the old one is lost."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.config import config_of
from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.web import rate_limits, signing
from admin.web.access import Access, Page
from admin.web.cookies import cookie_name, set_cookie
from admin.web.csrf import mask_token
from admin.web.link_cookies import delete_token_cookie, move_token_to_cookie, token_from_cookie, token_in_url
from admin.web.rate_limits import (
    RESET_MAIL_PER_ACCOUNT,
    RESET_MAIL_PER_ADDRESS,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_ADDRESS,
    client_network,
    is_allowed,
)
from admin.web.responses import flash, page, partial, see_other
from admin.web.sessions import client_details, delete_session_cookie, find_session, set_session_cookie
from admin.web.urls import absolute_url, safe_next_url
from guides.accounts import members, sessions
from guides.accounts.one_time_links import digest
from guides.errors import Invalid, Unknown
from guides.models import Member

YEAR = 365 * 86_400


async def index(request: Request) -> Response:
    """Redirects /admin to the first project, to the sign-in page, or to the setup of a new instance."""
    session = find_session(request)
    if session is None:
        return see_other(request, "/admin/login" if await members.has_members() else "/admin/setup")
    memberships = await members.list_memberships(session.member)
    return see_other(request, f"/admin/{memberships[0].project.slug}") if memberships else page(request, "no_project.html")


async def sign_in_page(request: Request) -> Response:
    """The sign-in page; who is signed in already is redirected to `next`."""
    next_url = request.query_params.get("next", "")
    if find_session(request) is not None:
        return see_other(request, safe_next_url(request, next_url))
    return _render_sign_in(request, next_url)


async def sign_in(request: Request) -> Response:
    """Checks the password and opens a session under a new cookie."""
    form = await request.form()
    member, problem, status = await _authenticate(request, form)
    next_url = str(form.get("next", ""))
    if member is None:
        return _render_sign_in(request, next_url, email=str(form.get("email", ""))[:254], problem=problem, status=status)
    await _end_current_session(request)
    response = see_other(request, safe_next_url(request, next_url))
    set_session_cookie(request, response, await sessions.open_session(member, **client_details(request)))
    _remember_browser(request, response, member)
    return response


async def reauthenticate_page(request: Request) -> Response:
    """The dialog that asks for the password over a page whose session has ended."""
    return partial(request, "account/sign_in_again.html", "dialog", email="", problem="")


async def reauthenticate(request: Request) -> Response:
    """Signs in from the dialog; X-CSRF-Token of the response lets the page repeat its request."""
    form = await request.form()
    member, problem, status = await _authenticate(request, form)
    if member is None:
        return partial(
            request, "account/sign_in_again.html", "dialog", status=status, email=str(form.get("email", ""))[:254], problem=problem
        )
    await _end_current_session(request)
    secret = await sessions.open_session(member, **client_details(request))
    session = await sessions.find_session(secret)
    response = Response(headers={"X-CSRF-Token": mask_token(session.csrf_secret if session else "")})
    set_session_cookie(request, response, secret)
    _remember_browser(request, response, member)
    return response


async def sign_out(request: Request) -> Response:
    """Signs this browser out; `next` is kept for whoever signs in with another account."""
    form = await request.form()
    back = safe_next_url(request, str(form.get("next", "")))
    await _end_current_session(request)
    response = see_other(request, "/admin/login" if back == "/admin" else f"/admin/login?next={quote(back, safe='/')}")
    delete_session_cookie(request, response)
    return response


async def forgot_password(request: Request) -> Response:
    """The form that asks for a reset link."""
    return _render_forgot(request)


async def send_reset_link(request: Request) -> Response:
    """Mails a reset link when the address has an account; the response and its time are the same when it has none."""
    form = await request.form()
    email = str(form.get("email", ""))[:254]
    if not await is_allowed(request, RESET_MAIL_PER_ADDRESS, client_network(request)):
        return _render_forgot(request, email=email, problem=_("Too many tries from here. Wait an hour, then try again."), status=429)
    may_mail = await is_allowed(request, RESET_MAIL_PER_ACCOUNT, _account_key(email))
    background = BackgroundTask(_mail_reset_link, request, email) if may_mail else None
    return _render_forgot(request, email=email, sent=True, background=background)


async def reset_password_page(request: Request) -> Response:
    """The form for a new password; the link's token moves from the address into a cookie first."""
    if token_in_url(request):
        return move_token_to_cookie(request, "reset", "/admin/reset")
    return _render_reset(request)


async def reset_password(request: Request) -> Response:
    """Uses the link up and sets the password; the member then signs in with it."""
    form = await request.form()
    try:
        await members.reset_password(token_from_cookie(request, "reset"), str(form.get("password", "")))
    except Invalid as error:
        return _render_reset(request, problem=_(error.message), status=422)
    except Unknown:
        return _render_reset(request, expired=True, status=404)
    flash(request, _("Your password is changed. Sign in with it."))
    return delete_token_cookie(request, "reset", see_other(request, "/admin/login"))


async def set_language(request: Request) -> Response:
    """Sets the language of the pages before signing in, for a year."""
    form = await request.form()
    response = RedirectResponse(safe_next_url(request, str(form.get("next", ""))), 303)
    locale = str(form.get("locale", ""))
    if locale in i18n.LOCALES:
        set_cookie(request, response, "language", locale, seconds=YEAR)
    return response


async def _authenticate(request: Request, form: FormData) -> tuple[Member | None, str, int]:
    email, password = str(form.get("email", ""))[:254], str(form.get("password", ""))
    if not await is_allowed(request, SIGN_IN_PER_ADDRESS, client_network(request)):
        return None, _("Too many tries from here. Wait an hour, then try again."), 429
    wrong = _("That e-mail address and password do not match. Check both and try again.")
    attempts_key = _attempts_key(request, _account_key(email))
    if not await is_allowed(request, SIGN_IN_PER_ACCOUNT, attempts_key):
        return None, wrong, 422
    member = await members.authenticate(email, password)
    if member is None:
        return None, wrong, 422
    await rate_limits.reset(request, SIGN_IN_PER_ACCOUNT, attempts_key)
    return member, "", 200


def _account_key(email: str) -> str:
    """The account a sign-in attempt counts against: one key however the address is written."""
    try:
        return members.normalize_email(email)
    except Invalid:
        return email.strip().casefold()


def _attempts_key(request: Request, account: str) -> str:
    """A browser that signed in before counts apart, so that strangers cannot lock the member out."""
    cookie = request.cookies.get(cookie_name(request, "known"), "")[:500]
    browser = signing.unsign(config_of(request).secret_keys, "known", cookie, seconds=YEAR) if cookie else None
    return f"{account} {browser[1]}" if browser and browser[0] == digest(account) else account


def _remember_browser(request: Request, response: Response, member: Member) -> None:
    browser = [digest(member.email), secrets.token_urlsafe(9)]
    set_cookie(request, response, "known", signing.sign(config_of(request).secret_keys, "known", browser), seconds=YEAR)


async def _end_current_session(request: Request) -> None:
    session = find_session(request)
    if session is not None:
        await sessions.end_session(session)


async def _mail_reset_link(request: Request, email: str) -> None:
    issued = await members.create_reset_link(email)
    if issued is None:
        return
    member, secret = issued
    i18n.activate(member.locale or i18n.get_locale())
    text = _("Somebody, probably you, asked for a new password for Handrail. Choose it here within an hour:")
    rest = _("If it was not you, nothing needs to be done: your password stays as it is.")
    link = absolute_url(request, f"/admin/reset?token={secret}")
    await config_of(request).mail.send(member.email, _("Choose a new password"), f"{text}\n\n{link}\n\n{rest}\n")


def _render_sign_in(request: Request, next_url: str, *, email: str = "", problem: str = "", status: int = 200) -> Response:
    response = page(
        request, "account/sign_in.html", status=status, host=_public_host(request), next_url=next_url, email=email, problem=problem
    )
    if status == 429:
        response.headers["Retry-After"] = "3600"
    return response


def _render_forgot(
    request: Request, *, email: str = "", sent: bool = False, problem: str = "", status: int = 200, background: BackgroundTask | None = None
) -> Response:
    variables = {"host": _public_host(request), "email": email, "sent": sent, "problem": problem}
    return page(request, "account/forgot_password.html", status=status, background=background, **variables)


def _render_reset(request: Request, *, problem: str = "", expired: bool = False, status: int = 200) -> Response:
    expired = expired or not token_from_cookie(request, "reset")
    return page(request, "account/reset_password.html", status=status, host=_public_host(request), problem=problem, expired=expired)


def _public_host(request: Request) -> str:
    return config_of(request).public_url.partition("//")[2]


PAGES = [
    Page("index", "", index, access=Access.PUBLIC),
    Page("sign_in_page", "/login", sign_in_page, access=Access.PUBLIC),
    Page("sign_in", "/login", sign_in, ["POST"], Access.PUBLIC),
    Page("reauthenticate_page", "/again", reauthenticate_page, access=Access.PUBLIC),
    Page("reauthenticate", "/again", reauthenticate, ["POST"], Access.PUBLIC),
    Page("sign_out", "/logout", sign_out, ["POST"], Access.PUBLIC),
    Page("forgot_password", "/forgot", forgot_password, access=Access.PUBLIC),
    Page("send_reset_link", "/forgot", send_reset_link, ["POST"], Access.PUBLIC),
    Page("reset_password_page", "/reset", reset_password_page, access=Access.PUBLIC),
    Page("reset_password", "/reset", reset_password, ["POST"], Access.PUBLIC),
    Page("set_language", "/language", set_language, ["POST"], Access.PUBLIC),
]
