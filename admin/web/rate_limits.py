"""The admin's limits on sign-in attempts and mails; the process hands down the rate limiter that counts them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from starlette.requests import HTTPConnection

from admin.config import config_of

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `burst` attempts at once; all of them are available again after `seconds`."""

    name: str
    burst: int
    seconds: float = HOUR


SIGN_IN_PER_ACCOUNT = Limit("sign-in account", 10)
SIGN_IN_PER_ADDRESS = Limit("sign-in address", 20)
RESET_MAIL_PER_ACCOUNT = Limit("reset-mail account", 5)
RESET_MAIL_PER_ADDRESS = Limit("reset-mail address", 20)
INVITATION_PER_MEMBER = Limit("invitation member", 20, 24 * HOUR)


async def is_allowed(request: HTTPConnection, limit: Limit, key: str) -> bool:
    """Counts an attempt of this account, address or member; false when it has none left. At most one call of Redis."""
    return await config_of(request).rate_limiter.allows(_bucket(limit, key), burst=limit.burst, seconds=limit.seconds)


async def reset(request: HTTPConnection, limit: Limit, key: str) -> None:
    """Gives back all attempts, after a success."""
    await config_of(request).rate_limiter.reset(_bucket(limit, key))


def client_network(request: HTTPConnection) -> str:
    """The client as it is counted: its IPv4 address or its IPv6 /64."""
    address = config_of(request).client_address(request)
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else address


def _bucket(limit: Limit, key: str) -> str:
    """Hashed, so that no e-mail address gets into Redis."""
    return f"admin:{limit.name}:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"
