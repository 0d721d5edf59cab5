"""How often somebody may try: counted in this process, in windows that forget by themselves."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from starlette.requests import HTTPConnection

from admin.config import config_of
from guides import clock

MOST_KEYS = 20_000
HOUR = 3600.0


@dataclass
class Window:
    """At most so many tries in so many seconds for one key; when too many keys are known, the oldest are forgotten."""

    most: float
    seconds: float = HOUR
    tries: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    def allows(self, key: str) -> bool:
        """Count a try; false when there were too many."""
        now = clock.now().timestamp()
        recent = [at for at in self.tries.pop(key, []) if at > now - self.seconds]
        allowed = len(recent) < self.most
        self.tries[key] = [*recent, now] if allowed else recent
        while len(self.tries) > MOST_KEYS:
            self.tries.popitem(last=False)
        return allowed

    def forget(self, key: str) -> None:
        """Start counting anew, after a success."""
        self.tries.pop(key, None)


class Limits:
    """Every limit of the admin, widened by one factor; each running app has its own."""

    def __init__(self, factor: float = 1.0) -> None:
        self.account_tries = Window(10 * factor)
        self.address_tries = Window(20 * factor)
        self.account_mails = Window(5 * factor)
        self.address_mails = Window(20 * factor)
        self.member_mails = Window(20 * factor, 24 * HOUR)


def limits_of(request: HTTPConnection) -> Limits:
    """The limits of the app that answers."""
    limits: Limits = request.app.state.limits
    return limits


def client_network(request: HTTPConnection) -> str:
    """Who asks, as it is counted."""
    return network_of(config_of(request).client_address(request))


def network_of(address: str) -> str:
    """An address as it is counted: IPv6 by its /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else address
