"""Both sides of a save that somebody else was faster with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from admin.forms.diff import Difference, differences
from admin.pages.guides.header import form_pairs, get_kind
from admin.web.urls import url_for
from guides.errors import Conflict
from guides.models import Guide


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Both sides of a conflict; `posted` are the fields to post again to keep one's own."""

    by: str | None
    at: datetime
    revision: int
    differences: list[Difference]
    posted: list[tuple[str, str]]
    action: str
    back: str


def conflict_view(request: Request, guide: Guide, posted: FormData, mine: Any, conflict: Conflict) -> ConflictView:
    """Both sides of a conflict, with the posted fields to post them again."""
    pairs = [(name, value) for name, value in form_pairs(posted) if name not in ("_csrf", "_revision")]
    return ConflictView(
        by=conflict.theirs["by"],
        at=conflict.theirs["at"],
        revision=conflict.revision,
        differences=differences(get_kind(guide).Body, conflict.theirs["draft"], mine),
        posted=pairs,
        action=str(request.url.path),
        back=url_for(request, "guide", guide=guide.id) + f"?part={posted.get('_part', '')}",
    )
