"""Signed-in browsers: rows found by the SHA-256 of their cookie, idle after seven days, over after thirty."""

from __future__ import annotations

from datetime import timedelta

from guides import clock, ids
from guides.accounts.one_time_links import digest
from guides.database import transaction
from guides.models import Member, Session

IDLE_TIMEOUT = timedelta(days=7)
MAX_AGE = timedelta(days=30)
LAST_SEEN_INTERVAL = timedelta(minutes=1)


async def open_session(member: Member, *, address: str = "", agent: str = "") -> str:
    """Sign the member in and return the secret for the cookie."""
    secret, now = ids.secret(""), clock.now()
    await Session.create(
        digest=digest(secret),
        member=member,
        csrf_secret=ids.secret(""),
        ip_address=address[:60],
        user_agent=agent[:200],
        created_at=now,
        last_seen_at=now,
    )
    await Member.filter(id=member.id).update(last_seen_at=now)
    return secret


async def find_session(secret: str) -> Session | None:
    """The active session of a cookie, with its member, or None; stores the time last seen at most once a minute."""
    now = clock.now()
    session = await Session.filter(digest=digest(secret)).select_related("member").first()
    if session is None or session.last_seen_at + IDLE_TIMEOUT < now or session.created_at + MAX_AGE < now:
        return None
    if session.last_seen_at + LAST_SEEN_INTERVAL < now:
        await Session.filter(digest=session.digest).update(last_seen_at=now)
        await Member.filter(id=session.member.id).update(last_seen_at=now)
    return session


async def end_session(session: Session) -> None:
    """Sign this browser out."""
    await Session.filter(digest=session.digest).delete()


async def end_session_by_digest(member: Member, digest_prefix: str) -> int:
    """End the member's session whose digest starts with this prefix of 16 or more; returns how many."""
    return await Session.filter(member=member, digest__startswith=digest_prefix).delete() if len(digest_prefix) >= 16 else 0


async def end_sessions(member: Member) -> None:
    """Sign the member out everywhere."""
    await Session.filter(member=member).delete()


@transaction
async def rotate_session(member: Member, *, address: str = "", agent: str = "") -> str:
    """Sign the member out everywhere and in again here, under a new cookie."""
    await end_sessions(member)
    return await open_session(member, address=address, agent=agent)


async def list_sessions(member: Member) -> list[Session]:
    """Where the member is signed in, newest first."""
    now = clock.now()
    active = Session.filter(member=member, last_seen_at__gt=now - IDLE_TIMEOUT, created_at__gt=now - MAX_AGE)
    return await active.order_by("-last_seen_at")


async def delete_expired() -> int:
    """Delete expired sessions; returns how many."""
    return await Session.filter(created_at__lt=clock.now() - MAX_AGE).delete()
