"""Signing in and out, in a page or over one, and choosing a new password when the old one is lost."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.web import signing as tokens
from admin.web.access import Need, Page, browser, sign_in, sign_out, way_back
from admin.web.csrf import masked
from admin.web.link_cookies import carried, drop_link, hold, taken
from admin.web.rate_limits import limits_of, network_of
from admin.web.responses import block, config_of, cookie_name, flash, page, public, see_other, session_of, set_cookie
from guides.accounts import members, sessions
from guides.accounts.one_time_links import digest
from guides.errors import Invalid, Unknown
from guides.models import Member

YEAR = 365 * 86_400


async def start(request: Request) -> Response:
    """Where /admin leads: to the first project, to signing in, or to the set-up of a new instance."""
    session = session_of(request)
    if session is None:
        return see_other(request, "/admin/login" if await members.any_member() else "/admin/setup")
    belongs = await members.memberships_of(session.member)
    return see_other(request, f"/admin/{belongs[0].project.slug}") if belongs else page(request, "no_project.html")


async def login(request: Request) -> Response:
    """The sign-in page; those who are signed in go on."""
    wanted = request.query_params.get("next", "")
    if session_of(request) is not None:
        return see_other(request, way_back(request, wanted))
    return _login_page(request, wanted)


async def enter(request: Request) -> Response:
    """Check the password and open a session under a new cookie."""
    form = await request.form()
    member, problem, status = await _tried(request, form)
    wanted = str(form.get("next", ""))
    if member is None:
        return _login_page(request, wanted, email=str(form.get("email", ""))[:254], problem=problem, status=status)
    await _end_present(request)
    response = see_other(request, way_back(request, wanted))
    sign_in(request, response, await sessions.open_session(member, **browser(request)))
    _know_browser(request, response, member)
    return response


async def again(request: Request) -> Response:
    """The dialog that asks to sign in over a page whose session has ended."""
    return block(request, "account/sign_in_again.html", "dialog", email="", problem="")


async def enter_again(request: Request) -> Response:
    """Sign in over a page; the answer carries the new token so that the page can send again."""
    form = await request.form()
    member, problem, status = await _tried(request, form)
    if member is None:
        return block(
            request, "account/sign_in_again.html", "dialog", status=status, email=str(form.get("email", ""))[:254], problem=problem
        )
    await _end_present(request)
    secret = await sessions.open_session(member, **browser(request))
    session = await sessions.session_for(secret)
    response = Response(headers={"X-CSRF-Token": masked(session.key if session else "")})
    sign_in(request, response, secret)
    _know_browser(request, response, member)
    return response


async def logout(request: Request) -> Response:
    """Sign this browser out; whoever changes accounts is led back after signing in."""
    form = await request.form()
    back = way_back(request, str(form.get("next", "")))
    await _end_present(request)
    response = see_other(request, "/admin/login" if back == "/admin" else f"/admin/login?next={quote(back, safe='/')}")
    sign_out(request, response)
    return response


async def forgot(request: Request) -> Response:
    """Ask for a link to choose a new password."""
    return page(request, "account/forgot_password.html", host=_host(request), sent=False, email="", problem="")


async def send_link(request: Request) -> Response:
    """Send the link when the address is known; the answer is the same when it is not, and the work is done after it."""
    form = await request.form()
    email = str(form.get("email", ""))[:254]
    if not limits_of(request).address_mails.allows(network_of(request)):
        problem = _("Too many tries from here. Wait an hour, then try again.")
        return page(request, "account/forgot_password.html", status=429, host=_host(request), sent=False, email=email, problem=problem)
    after = BackgroundTask(_send_link, request, email) if limits_of(request).account_mails.allows(_account(email)) else None
    return page(request, "account/forgot_password.html", host=_host(request), sent=True, email=email, problem="", after=after)


async def reset(request: Request) -> Response:
    """Choose a new password; the link's secret moves from the address into a cookie first."""
    if carried(request):
        return hold(request, "reset", "/admin/reset")
    return _reset_page(request)


async def set_password(request: Request) -> Response:
    """Use the link up and set the password; the member signs in with it."""
    form = await request.form()
    try:
        await members.reset_password(taken(request, "reset"), str(form.get("password", "")))
    except Invalid as error:
        return _reset_page(request, problem=_(error.message), status=422)
    except Unknown:
        return _reset_page(request, gone=True, status=404)
    flash(request, _("Your password is changed. Sign in with it."))
    return drop_link(request, "reset", see_other(request, "/admin/login"))


async def language(request: Request) -> Response:
    """Speak another language on the pages before signing in."""
    form = await request.form()
    response = RedirectResponse(way_back(request, str(form.get("next", ""))), 303)
    locale = str(form.get("locale", ""))
    if locale in i18n.SHIPPED:
        set_cookie(request, response, "language", locale, seconds=YEAR)
    return response


async def _tried(request: Request, form: FormData) -> tuple[Member | None, str, int]:
    email, password = str(form.get("email", ""))[:254], str(form.get("password", ""))
    limits = limits_of(request)
    if not limits.address_tries.allows(network_of(request)):
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
    known = tokens.read(config_of(request).secret_keys, "known", kept, seconds=YEAR) if kept else None
    return f"{account} {known[1]}" if known and known[0] == digest(account) else account


def _know_browser(request: Request, response: Response, member: Member) -> None:
    known = [digest(member.email), secrets.token_urlsafe(9)]
    set_cookie(request, response, "known", tokens.sign(config_of(request).secret_keys, "known", known), seconds=YEAR)


async def _end_present(request: Request) -> None:
    session = session_of(request)
    if session is not None:
        await sessions.end_session(session)


async def _send_link(request: Request, email: str) -> None:
    found = await members.reset_token(email)
    if found is None:
        return
    member, secret = found
    i18n.use(member.locale or i18n.locale())
    text = _("Somebody, probably you, asked for a new password for Handrail. Choose it here within an hour:")
    rest = _("If it was not you, nothing needs to be done: your password stays as it is.")
    link = public(request, f"/admin/reset?token={secret}")
    await config_of(request).mail.send(member.email, _("Choose a new password"), f"{text}\n\n{link}\n\n{rest}\n")


def _login_page(request: Request, wanted: str, *, email: str = "", problem: str = "", status: int = 200) -> Response:
    response = page(request, "account/sign_in.html", status=status, host=_host(request), wanted=wanted, email=email, problem=problem)
    if status == 429:
        response.headers["Retry-After"] = "3600"
    return response


def _reset_page(request: Request, *, problem: str = "", gone: bool = False, status: int = 200) -> Response:
    gone = gone or not taken(request, "reset")
    return page(request, "account/reset_password.html", status=status, host=_host(request), problem=problem, gone=gone)


def _host(request: Request) -> str:
    return config_of(request).public_url.partition("//")[2]


PAGES = [
    Page("start", "", start, need=Need.NOBODY),
    Page("login", "/login", login, need=Need.NOBODY),
    Page("enter", "/login", enter, ["POST"], Need.NOBODY),
    Page("again", "/again", again, need=Need.NOBODY),
    Page("enter_again", "/again", enter_again, ["POST"], Need.NOBODY),
    Page("logout", "/logout", logout, ["POST"], Need.NOBODY),
    Page("forgot", "/forgot", forgot, need=Need.NOBODY),
    Page("send_link", "/forgot", send_link, ["POST"], Need.NOBODY),
    Page("reset", "/reset", reset, need=Need.NOBODY),
    Page("set_password", "/reset", set_password, ["POST"], Need.NOBODY),
    Page("language", "/language", language, ["POST"], Need.NOBODY),
]
