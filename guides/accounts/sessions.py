"""Signed-in browsers: rows found by the SHA-256 of their cookie, idle after seven days, over after thirty."""

from __future__ import annotations

from datetime import timedelta

from guides import clock, ids
from guides.accounts.one_time_links import digest
from guides.database import transaction
from guides.models import Member, Session

IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)


async def open_session(member: Member, *, address: str = "", agent: str = "") -> str:
    """Sign the member in; gives back what the cookie holds."""
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


async def session_for(secret: str) -> Session | None:
    """The living session of a cookie with its member; writes when it was last seen, at most once a minute."""
    now = clock.now()
    found = await Session.filter(digest=digest(secret)).select_related("member").first()
    if found is None or found.last_seen_at + IDLE < now or found.created_at + LONGEST < now:
        return None
    if found.last_seen_at + SEEN_EVERY < now:
        await Session.filter(digest=found.digest).update(last_seen_at=now)
        await Member.filter(id=found.member.id).update(last_seen_at=now)
    return found


async def end_session(session: Session) -> None:
    """Sign this browser out."""
    await Session.filter(digest=session.digest).delete()


async def end_session_named(member: Member, name: str) -> int:
    """Sign out the browser of this member whose digest begins so; how many there were."""
    return await Session.filter(member=member, digest__startswith=name).delete() if len(name) >= 16 else 0


async def end_sessions(member: Member) -> None:
    """Sign the member out everywhere."""
    await Session.filter(member=member).delete()


@transaction
async def start_again(member: Member, *, address: str = "", agent: str = "") -> str:
    """Sign the member out everywhere and in again here, under a new cookie."""
    await end_sessions(member)
    return await open_session(member, address=address, agent=agent)


async def sessions_of(member: Member) -> list[Session]:
    """Where the member is signed in, newest first."""
    since = clock.now()
    alive = Session.filter(member=member, last_seen_at__gt=since - IDLE, created_at__gt=since - LONGEST)
    return await alive.order_by("-last_seen_at")


async def forget_old() -> int:
    """Delete sessions that are over; how many there were."""
    return await Session.filter(created_at__lt=clock.now() - LONGEST).delete()
