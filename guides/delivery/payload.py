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
from guides.progress.frequency import GuideProgress
from guides.publishing.compiled import CompiledGuide, rule_json
from guides.rules.evaluate import Facts, evaluate

INLINE_BYTES = 2048
"""A body up to this size always travels with the boot."""

log = logging.getLogger(__name__)


def encode_guide(delivery: Delivery, visit: Visit, now: datetime) -> bytes | None:
    """One guide as a JSON object; None when its kind fails to deliver, which is logged and costs no other guide."""
    guide = delivery.guide
    progress_json = b',"progress":%b}' % _progress_json(guide, delivery.progress, now)
    if delivery.is_prefiltered and guide.prefiltered_json is not None and not _can_defer_body(delivery, visit.url, now):
        return guide.prefiltered_json + progress_json
    try:
        body = b"null" if _can_defer_body(delivery, visit.url, now) else _body_json(guide, visit, now)
    except Exception:
        log.exception("the kind %s could not deliver guide %s", guide.kind.slug, guide.guide_id)
        return None
    live_version = b"" if delivery.live_version is None else b',"newer":%d' % delivery.live_version
    return b"".join([guide.json_prefix, live_version, rule_json(delivery.rule), b',"body":', body, guide.body_hash_json, progress_json])


def _body_json(guide: CompiledGuide, visit: Visit, now: datetime) -> bytes:
    if not guide.per_person:
        return guide.body_json
    facts = Facts(person=visit.person.attributes, company=visit.person.company, segments=frozenset(), now=now)
    return orjson.dumps(guide.kind.deliver(evaluate_rules(guide.body, guide.rule_paths, facts), visit))


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


def _progress_json(guide: CompiledGuide, progress: GuideProgress | None, now: datetime) -> bytes:
    """What the browser needs to know of the person's progress; null where the guide begins anew."""
    if progress is None:
        return b"null"
    is_in_progress, repeats_at = progress.is_in_progress(now), progress.repeats_at(guide.repeat_after_days)
    if (repeats_at is not None and repeats_at <= now) or (progress.status is Status.STARTED and not is_in_progress):
        return b"null"
    wire: dict[str, Any] = {
        "status": progress.status,
        "item": progress.current_item if is_in_progress else None,
        "done": progress.done_items if is_in_progress else [],
    }
    if repeats_at is not None:
        wire["at"] = milliseconds(progress.ended_at or progress.last_event_at)
    return orjson.dumps(wire)
