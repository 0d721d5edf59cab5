"""Every table: nothing but columns. What one does with a row is a function elsewhere."""

from __future__ import annotations

from guides.models.accounts import ApiKey, Member, Membership, OneTimeLink, Role, Session
from guides.models.analytics import DroppedEventCount, EventDailyCount, TargetDailyCount
from guides.models.events import Event
from guides.models.guides import DraftSave, Guide, Publication, Version
from guides.models.jobs import Job
from guides.models.people import Company, Person, Progress
from guides.models.projects import Environment, Project, Theme

__all__ = [
    "ApiKey",
    "Company",
    "DraftSave",
    "DroppedEventCount",
    "Environment",
    "Event",
    "EventDailyCount",
    "Guide",
    "Job",
    "Member",
    "Membership",
    "OneTimeLink",
    "Person",
    "Progress",
    "Project",
    "Publication",
    "Role",
    "Session",
    "TargetDailyCount",
    "Theme",
    "Version",
]
