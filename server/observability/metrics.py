"""Counts of this process in the text form that Prometheus reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from guides import clock

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
