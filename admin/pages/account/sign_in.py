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
from admin.web import signing
from admin.web.access import Access, Page
from admin.web.cookies import cookie_name, set_cookie
from admin.web.csrf import mask_token
from admin.web.link_cookies import delete_token_cookie, move_token_to_cookie, token_from_cookie, token_in_url
from admin.web.rate_limits import client_network, limits_of
from admin.web.responses import flash, page, partial, see_other
from admin.web.sessions import client_details, delete_session_cookie, find_session, set_session_cookie
from admin.web.urls import absolute_url, safe_next_url
from guides.accounts import members, sessions
from guides.accounts.one_time_links import digest
from guides.errors import Invalid, Unknown
from guides.models import Member

YEAR = 365 * 86_400


async def start(request: Request) -> Response:
    """Where /admin leads: to the first project, to signing in, or to the set-up of a new instance."""
    session = find_session(request)
    if session is None:
        return see_other(request, "/admin/login" if await members.any_member() else "/admin/setup")
    belongs = await members.memberships_of(session.member)
    return see_other(request, f"/admin/{belongs[0].project.slug}") if belongs else page(request, "no_project.html")


async def login(request: Request) -> Response:
    """The sign-in page; those who are signed in go on."""
    wanted = request.query_params.get("next", "")
    if find_session(request) is not None:
        return see_other(request, safe_next_url(request, wanted))
    return _login_page(request, wanted)


async def enter(request: Request) -> Response:
    """Check the password and open a session under a new cookie."""
    form = await request.form()
    member, problem, status = await _tried(request, form)
    wanted = str(form.get("next", ""))
    if member is None:
        return _login_page(request, wanted, email=str(form.get("email", ""))[:254], problem=problem, status=status)
    await _end_present(request)
    response = see_other(request, safe_next_url(request, wanted))
    set_session_cookie(request, response, await sessions.open_session(member, **client_details(request)))
    _know_browser(request, response, member)
    return response


async def again(request: Request) -> Response:
    """The dialog that asks to sign in over a page whose session has ended."""
    return partial(request, "account/sign_in_again.html", "dialog", email="", problem="")


async def enter_again(request: Request) -> Response:
    """Sign in over a page; the answer carries the new token so that the page can send again."""
    form = await request.form()
    member, problem, status = await _tried(request, form)
    if member is None:
        return partial(
            request, "account/sign_in_again.html", "dialog", status=status, email=str(form.get("email", ""))[:254], problem=problem
        )
    await _end_present(request)
    secret = await sessions.open_session(member, **client_details(request))
    session = await sessions.session_for(secret)
    response = Response(headers={"X-CSRF-Token": mask_token(session.key if session else "")})
    set_session_cookie(request, response, secret)
    _know_browser(request, response, member)
    return response


async def logout(request: Request) -> Response:
    """Sign this browser out; whoever changes accounts is led back after signing in."""
    form = await request.form()
    back = safe_next_url(request, str(form.get("next", "")))
    await _end_present(request)
    response = see_other(request, "/admin/login" if back == "/admin" else f"/admin/login?next={quote(back, safe='/')}")
    delete_session_cookie(request, response)
    return response


async def forgot(request: Request) -> Response:
    """Ask for a link to choose a new password."""
    return page(request, "account/forgot_password.html", host=_host(request), sent=False, email="", problem="")


async def send_link(request: Request) -> Response:
    """Send the link when the address is known; the answer is the same when it is not, and the work is done after it."""
    form = await request.form()
    email = str(form.get("email", ""))[:254]
    if not limits_of(request).address_mails.allows(client_network(request)):
        problem = _("Too many tries from here. Wait an hour, then try again.")
        return page(request, "account/forgot_password.html", status=429, host=_host(request), sent=False, email=email, problem=problem)
    background = BackgroundTask(_send_link, request, email) if limits_of(request).account_mails.allows(_account(email)) else None
    return page(request, "account/forgot_password.html", host=_host(request), sent=True, email=email, problem="", background=background)


async def reset(request: Request) -> Response:
    """Choose a new password; the link's secret moves from the address into a cookie first."""
    if token_in_url(request):
        return move_token_to_cookie(request, "reset", "/admin/reset")
    return _reset_page(request)


async def set_password(request: Request) -> Response:
    """Use the link up and set the password; the member signs in with it."""
    form = await request.form()
    try:
        await members.reset_password(token_from_cookie(request, "reset"), str(form.get("password", "")))
    except Invalid as error:
        return _reset_page(request, problem=_(error.message), status=422)
    except Unknown:
        return _reset_page(request, gone=True, status=404)
    flash(request, _("Your password is changed. Sign in with it."))
    return delete_token_cookie(request, "reset", see_other(request, "/admin/login"))


async def language(request: Request) -> Response:
    """Speak another language on the pages before signing in."""
    form = await request.form()
    response = RedirectResponse(safe_next_url(request, str(form.get("next", ""))), 303)
    locale = str(form.get("locale", ""))
    if locale in i18n.LOCALES:
        set_cookie(request, response, "language", locale, seconds=YEAR)
    return response


async def _tried(request: Request, form: FormData) -> tuple[Member | None, str, int]:
    email, password = str(form.get("email", ""))[:254], str(form.get("password", ""))
    limits = limits_of(request)
    if not limits.address_tries.allows(client_network(request)):
        return None, _("Too many tries from here. Wait an hour, then try again."), 429
    wrong = _("That e-mail address and password do not match. Check both and try again.")
    account = _known_as(request, _account(email))
    if not limits.account_tries.allows(account):
        return None, wrong, 422
    member = await members.member_with(email, password)
    if member is None:
        return None, wrong, 422
    limits.account_tries.forget(account)
    return member, "", 200


def _account(email: str) -> str:
    """Whose tries these are: one account however its address is written."""
    try:
        return members.fold(email)
    except Invalid:
        return email.strip().casefold()


def _known_as(request: Request, account: str) -> str:
    """A browser that signed in to the account before has tries of its own, so that strangers lock nobody out."""
    kept = request.cookies.get(cookie_name(request, "known"), "")[:500]
    known = signing.unsign(config_of(request).secret_keys, "known", kept, seconds=YEAR) if kept else None
    return f"{account} {known[1]}" if known and known[0] == digest(account) else account


def _know_browser(request: Request, response: Response, member: Member) -> None:
    known = [digest(member.email), secrets.token_urlsafe(9)]
    set_cookie(request, response, "known", signing.sign(config_of(request).secret_keys, "known", known), seconds=YEAR)


async def _end_present(request: Request) -> None:
    session = find_session(request)
    if session is not None:
        await sessions.end_session(session)


async def _send_link(request: Request, email: str) -> None:
    found = await members.reset_token(email)
    if found is None:
        return
    member, secret = found
    i18n.activate(member.locale or i18n.get_locale())
    text = _("Somebody, probably you, asked for a new password for Handrail. Choose it here within an hour:")
    rest = _("If it was not you, nothing needs to be done: your password stays as it is.")
    link = absolute_url(request, f"/admin/reset?token={secret}")
    await config_of(request).mail.send(member.email, _("Choose a new password"), f"{text}\n\n{link}\n\n{rest}\n")


def _login_page(request: Request, wanted: str, *, email: str = "", problem: str = "", status: int = 200) -> Response:
    response = page(request, "account/sign_in.html", status=status, host=_host(request), wanted=wanted, email=email, problem=problem)
    if status == 429:
        response.headers["Retry-After"] = "3600"
    return response


def _reset_page(request: Request, *, problem: str = "", gone: bool = False, status: int = 200) -> Response:
    gone = gone or not token_from_cookie(request, "reset")
    return page(request, "account/reset_password.html", status=status, host=_host(request), problem=problem, gone=gone)


def _host(request: Request) -> str:
    return config_of(request).public_url.partition("//")[2]


PAGES = [
    Page("start", "", start, access=Access.PUBLIC),
    Page("login", "/login", login, access=Access.PUBLIC),
    Page("enter", "/login", enter, ["POST"], Access.PUBLIC),
    Page("again", "/again", again, access=Access.PUBLIC),
    Page("enter_again", "/again", enter_again, ["POST"], Access.PUBLIC),
    Page("logout", "/logout", logout, ["POST"], Access.PUBLIC),
    Page("forgot", "/forgot", forgot, access=Access.PUBLIC),
    Page("send_link", "/forgot", send_link, ["POST"], Access.PUBLIC),
    Page("reset", "/reset", reset, access=Access.PUBLIC),
    Page("set_password", "/reset", set_password, ["POST"], Access.PUBLIC),
    Page("language", "/language", language, ["POST"], Access.PUBLIC),
]
