"""Encodes a delivered guide as the JSON that the embed reads."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import orjson

from guides.coercion import milliseconds
from guides.delivery.types import Delivery
from guides.fields.content_conditions import evaluate_rules
from guides.kind import Status, Visit
from guides.publishing.compiled import items_json, rule_json
from guides.rules.evaluate import Facts, evaluate

INLINE_BYTES = 2048
"""A body up to this size always travels with the boot."""

log = logging.getLogger(__name__)


def encode_guide(delivery: Delivery, visit: Visit, now: datetime) -> bytes | None:
    """One guide as a JSON object; None when its kind fails to deliver, which is logged and costs no other guide."""
    guide = delivery.guide
    progress_json = b',"progress":%b}' % _progress_json(delivery, now)
    is_deferred = _can_defer_body(delivery, visit.url, now)
    if delivery.is_prefiltered and guide.prefiltered_json is not None and not is_deferred:
        return guide.prefiltered_json + progress_json
    try:
        body, extra = _body_json(delivery, visit, now)
    except Exception:
        log.exception("the kind %s could not deliver guide %s", guide.kind.slug, guide.guide_id)
        return None
    if is_deferred:
        body = b"null"
    live_version = b"" if delivery.live_version is None else b',"live_version":%d' % delivery.live_version
    return b"".join(
        [guide.json_prefix, extra, live_version, rule_json(delivery.rule), b',"body":', body, guide.body_hash_json, progress_json]
    )


def _body_json(delivery: Delivery, visit: Visit, now: datetime) -> tuple[bytes, bytes]:
    """The body, and the members of the guide's JSON object that differ per person: its items and goals, each after a comma."""
    guide = delivery.guide
    if not guide.per_person:
        return guide.body_json, b""
    facts = Facts(person=visit.person.attributes, company=visit.person.company, segments=frozenset(), now=now)
    body = evaluate_rules(guide.body, guide.rule_paths, facts)
    extra = b',"items":' + orjson.dumps(items_json(guide.kind.items(body))) if guide.rule_paths else b""
    if goals := _goals_json(delivery, facts, now):
        extra += b',"goals":' + orjson.dumps(goals)
    is_alike = not guide.kind.personal and not guide.rule_paths
    return guide.body_json if is_alike else orjson.dumps(guide.kind.deliver(body, visit)), extra


def _goals_json(delivery: Delivery, facts: Facts, now: datetime) -> list[dict[str, Any]]:
    """The goals that are not reached yet and still can be; `rule` is what the browser has to evaluate, absent where it holds."""
    goals: list[dict[str, Any]] = []
    done = _done_items(delivery, now)
    for goal in delivery.guide.goals:
        rule = evaluate(dict(goal.when), facts)
        if rule is not False and (goal.item is None or goal.item not in done):
            after_start = {"after_start": True} if goal.after_start else {}
            goals.append({"item": goal.item} | ({} if rule is True else {"rule": rule}) | after_start)
    return goals


def _can_defer_body(delivery: Delivery, page_url: str, now: datetime) -> bool:
    """Whether the browser fetches the body later, by its digest: it is large and cannot show on this page yet."""
    guide = delivery.guide
    if guide.body_digest is None or len(guide.body_json) <= INLINE_BYTES:
        return False
    if delivery.progress is not None and delivery.progress.is_in_progress(now):
        return False
    if guide.start != "auto":
        return True
    return not isinstance(delivery.rule, bool) and evaluate(delivery.rule, Facts(page=page_url)) is False


def _progress_json(delivery: Delivery, now: datetime) -> bytes:
    """What the browser needs to know of the person's progress; null where the guide begins anew and nobody did anything in it."""
    progress, done = delivery.progress, _done_items(delivery, now)
    begins_anew = b"null" if not done else orjson.dumps({"status": "", "item": None, "done": done})
    if progress is None:
        return begins_anew
    is_in_progress, repeats_at = progress.is_in_progress(now), progress.repeats_at(delivery.guide.repeat_after_days)
    if (repeats_at is not None and repeats_at <= now) or (progress.status is Status.STARTED and not is_in_progress):
        return begins_anew
    wire: dict[str, Any] = {
        "status": progress.status,
        "item": progress.current_item if is_in_progress else None,
        "done": done,
    }
    if is_in_progress and progress.state:
        wire["state"] = progress.state
    if repeats_at is not None:
        wire["at"] = milliseconds(progress.ended_at or progress.last_event_at)
    return orjson.dumps(wire)


def _done_items(delivery: Delivery, now: datetime) -> list[str]:
    """What the person has done in this run, in order, then what the company has; a guide that comes again begins with the latter."""
    progress = delivery.progress
    own = list(progress.done_items) if progress is not None and progress.is_in_progress(now) else []
    return [*own, *sorted(delivery.done_by_company.difference(own))]
