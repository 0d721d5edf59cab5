"""What the domain raises on purpose; each layer above maps them once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guides.kind import Problem


class DomainError(Exception):
    """Everything below; `code` is for programs, the text for people, `field` names what is wrong."""

    code = "error"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Unknown(DomainError):
    """Nothing by that name here; the answer is the same for what belongs to others."""

    code = "unknown"


class Invalid(DomainError):
    """What was given cannot be taken; `field` says where."""

    code = "invalid"


class Refused(DomainError):
    """Understood, but not allowed."""

    code = "refused"


class Conflict(DomainError):
    """Somebody else saved first; `theirs` is what is stored now, so that nothing is overwritten."""

    code = "conflict"

    def __init__(self, message: str, theirs: dict[str, Any], revision: int) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.revision = revision


class NotReady(DomainError):
    """The draft cannot be published yet; `problems` say what to mend."""

    code = "not_ready"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("There are things to mend before this can be published.")
        self.problems = tuple(problems)
