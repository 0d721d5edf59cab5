"""How often somebody may try: counted in this process, in windows that forget by themselves."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from guides import clock

MOST_KEYS = 20_000
HOUR = 3600.0


@dataclass
class Window:
    """At most so many tries in so many seconds for one key; when too many keys are known, the oldest are forgotten."""

    most: int
    seconds: float = HOUR
    tries: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    def allows(self, key: str, factor: float = 1.0) -> bool:
        """Count a try; false when there were too many."""
        now = clock.now().timestamp()
        recent = [at for at in self.tries.pop(key, []) if at > now - self.seconds]
        allowed = len(recent) < self.most * factor
        self.tries[key] = [*recent, now] if allowed else recent
        while len(self.tries) > MOST_KEYS:
            self.tries.popitem(last=False)
        return allowed

    def forget(self, key: str) -> None:
        """Start counting anew, after a success."""
        self.tries.pop(key, None)


ACCOUNT_TRIES = Window(10)
ADDRESS_TRIES = Window(20)
ACCOUNT_MAILS = Window(5)
ADDRESS_MAILS = Window(20)
MEMBER_MAILS = Window(20, 24 * HOUR)


def by_network(address: str) -> str:
    """An address as it is counted: IPv6 by its /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else address
