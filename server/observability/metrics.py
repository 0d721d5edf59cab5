"""Counters of this process in the Prometheus text format."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from guides import clock

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(slots=True)
class Metrics:
    """Counters of this process since its start."""

    started_at: float = field(default_factory=lambda: clock.now().timestamp())
    responses: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)

    def to_prometheus(self) -> str:
        """Formats all counters in the Prometheus text format."""
        lines = ["# TYPE handrail_start_time_seconds gauge", f"handrail_start_time_seconds {self.started_at:.0f}"]
        lines += ["# TYPE handrail_responses_total counter"]
        lines += [f'handrail_responses_total{{status="{status}"}} {count}' for status, count in sorted(self.responses.items())]
        lines += ["# TYPE handrail_events_total counter"]
        lines += [f'handrail_events_total{{outcome="{outcome}"}} {count}' for outcome, count in sorted(self.events.items())]
        return "\n".join(lines) + "\n"
