"""/metrics: what a scraper reads, for this machine and for holders of the token only."""

from __future__ import annotations

import hmac
from collections import Counter
from dataclasses import dataclass, field

from starlette.requests import Request

from guides import clock
from server import readers
from server.errors import WireError

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(slots=True)
class Measures:
    """Counts of this process since its start."""

    began: float = field(default_factory=lambda: clock.now().timestamp())
    answers: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)

    def text(self) -> str:
        """All of them in the form that scrapers read."""
        lines = ["# TYPE handrail_start_time_seconds gauge", f"handrail_start_time_seconds {self.began:.0f}"]
        lines += ["# TYPE handrail_answers_total counter"]
        lines += [f'handrail_answers_total{{status="{status}"}} {count}' for status, count in sorted(self.answers.items())]
        lines += ["# TYPE handrail_events_total counter"]
        lines += [f'handrail_events_total{{outcome="{outcome}"}} {count}' for outcome, count in sorted(self.events.items())]
        return "\n".join(lines) + "\n"


def admit(request: Request, address: str, token: str) -> None:
    """Let this machine's own scraper in, and whoever has the token; a proxy in front makes nobody local. Raises WireError 404."""
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(sent.encode(), token.encode()):
        return
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers or not readers.is_loopback(address):
        raise WireError(404, "not_found", "There is nothing at this address.")
