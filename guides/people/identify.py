"""People of the host page: identify them, group them in a company, merge attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from guides import clock
from guides.coercion import is_storable
from guides.database import as_json, rows, run, sql, transaction
from guides.errors import Invalid
from guides.models import Company, Environment, Person, Progress
from guides.progress.fold import combine
from guides.rules.evaluate import Facts, Rule, evaluate

MAX_ATTRIBUTES = 200
MAX_TEXT = 1000
MAX_LIST = 100
MAX_INTEGER = 2**53 - 1
MAX_BYTES = 64 * 1024
NAMES_SHOWN = 200
SEEN_EVERY = timedelta(minutes=5)
COUNTED_AT_MOST = 50_000
COUNTED_AT_ONCE = 1000

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Who:
    """Whom the host page says it is showing: a person's id or the browser's anonymous one, and what changed about them."""

    person: str | None = None
    anonymous: str | None = None
    attributes: Attributes = field(default_factory=dict)
    company: str | None = None
    company_attributes: Attributes = field(default_factory=dict)
    membership: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a person, as one boot reads it."""

    id: UUID
    key: str | None
    anonymous: str | None
    attributes: Attributes
    membership: Attributes
    last_seen_at: datetime
    company: str | None
    company_attributes: Attributes


def has_news(known: Known | None, who: Who) -> bool:
    """Whether this visit changes anything stored; last seen counts every five minutes. Raises Invalid naming a bad attribute."""
    if known is None:
        return who.person is not None or who.anonymous is not None
    if clock.now() - known.last_seen_at > SEEN_EVERY:
        return True
    if who.person is not None and who.anonymous is not None and known.anonymous != who.anonymous:
        return True
    if _differs(merged(known.attributes, who.attributes, "person.attributes"), known.attributes):
        return True
    return who.company is not None and _company_news(known, who)


async def identify(environment: UUID, who: Who) -> Person:
    """Find or make the person, join what the browser did before, and store what changed.

    `environment` is its id. Raises Invalid naming the attribute that cannot be stored, or when nobody is named.
    """
    if who.person is None and who.anonymous is None:
        raise Invalid("Say who the person is, by id or by the browser's anonymous one.", "person")
    try:
        return await _write(environment, who)
    except IntegrityError:
        return await _write(environment, who)


def _company_news(known: Known, who: Who) -> bool:
    if known.company != who.company:
        return True
    company = merged(known.company_attributes, who.company_attributes, "company.attributes")
    membership = merged(known.membership, who.membership, "company.membership")
    return _differs(company, known.company_attributes) or _differs(membership, known.membership)


def _differs(one: Attributes, other: Attributes) -> bool:
    """Python takes true for 1, a rule does not."""
    return one != other or any(type(value) is not type(other[name]) for name, value in one.items())


@transaction
async def _write(environment: UUID, who: Who) -> Person:
    now = clock.now()
    person = await _join(environment, who)
    if person is None:
        person = Person(environment_id=environment, external_id=who.person, attributes={}, membership={}, created_at=now, last_seen_at=now)
    await _remember_browser(environment, person, who.anonymous)
    if who.company is not None:
        company = await _company(environment, who, now)
        held = person.membership if person.company_id == company.id else {}
        person.company, person.membership = company, merged(held, who.membership, "company.membership")
    person.attributes = merged(person.attributes, who.attributes, "person.attributes")
    person.last_seen_at = now
    await person.save()
    return person


async def _remember_browser(environment: UUID, person: Person, anonymous: str | None) -> None:
    """The latest browser of a person; one that belongs to somebody else moves over, for its next anonymous visit is this person's."""
    if anonymous is None or person.anonymous_id == anonymous:
        return
    await Person.filter(environment_id=environment, anonymous_id=anonymous).exclude(id=person.id).update(anonymous_id=None)
    person.anonymous_id = anonymous


async def _join(environment: UUID, who: Who) -> Person | None:
    """The row for this person, taking over what the same browser did anonymously."""
    either = [Q(**{column: value}) for column, value in (("external_id", who.person), ("anonymous_id", who.anonymous)) if value is not None]
    found = await Person.filter(Q(*either, join_type=Q.OR), environment_id=environment).order_by("id").select_for_update()
    known = next((person for person in found if who.person is not None and person.external_id == who.person), None)
    browser = next((person for person in found if who.anonymous is not None and person.anonymous_id == who.anonymous), None)
    if who.person is None:
        return browser
    if browser is None or browser.external_id is not None:
        return known
    if known is None:
        browser.external_id = who.person
        return browser
    await _merge(environment, browser, known)
    return known


async def _merge(environment: UUID, browser: Person, known: Person) -> None:
    """Move events and progress to the known person, whose attributes win; the anonymous row is gone."""
    await run(
        "UPDATE event SET person_id = :known WHERE environment_id = :environment AND person_id = :browser",
        known=known.id,
        environment=environment,
        browser=browser.id,
    )
    held = {row.guide_id: row for row in await Progress.filter(person=known)}
    moved = []
    for row in await Progress.filter(person=browser):
        if row.guide_id in held:
            combine(held[row.guide_id], row)
            await held[row.guide_id].save()
        else:
            moved.append(row.id)
    await Progress.filter(id__in=moved).update(person=known)
    both = {**known.attributes, **{name: value for name, value in browser.attributes.items() if name not in known.attributes}}
    whole = dict(list(both.items())[:MAX_ATTRIBUTES])
    known.attributes = whole if _fits(whole) else known.attributes
    await browser.delete()


async def _company(environment: UUID, who: Who, now: datetime) -> Company:
    """The company, written only when there is news of it: all its people share the row."""
    company = await Company.select_for_update().get_or_none(environment_id=environment, external_id=who.company)
    is_new = company is None
    if company is None:
        company = Company(environment_id=environment, external_id=who.company, attributes={}, created_at=now, last_seen_at=now)
    attributes = merged(company.attributes, who.company_attributes, "company.attributes")
    if is_new or _differs(attributes, company.attributes) or now - company.last_seen_at > SEEN_EVERY:
        company.attributes, company.last_seen_at = attributes, now
        await company.save()
    return company


def merged(held: Attributes, changes: Attributes, place: str) -> dict[str, Any]:
    """Attributes after the changes: a value replaces, null removes, an operation such as {"add": 1} counts from what is held.

    Operations: set_once, add (numbers), append, prepend, remove (lists). Raises Invalid with the field, such as
    person.attributes.plan, for a value that cannot be stored.
    """
    result = dict(held)
    for name, change in changes.items():
        where = f"{place}.{name}"
        _check_name(name, where)
        value = _applied(result.get(name), change, where)
        if value is None:
            result.pop(name, None)
            continue
        _check_value(value, where)
        result[name] = value
    if len(result) > MAX_ATTRIBUTES:
        raise Invalid(f"A person or company has up to {MAX_ATTRIBUTES} attributes.", place)
    if changes and not _fits(result):
        raise Invalid(f"The attributes of a person or company take up to {MAX_BYTES // 1024} KB.", place)
    return result


def _fits(attributes: Attributes) -> bool:
    return len(orjson.dumps(attributes)) <= MAX_BYTES


def _applied(held: Any, change: Any, where: str) -> Any:
    if not isinstance(change, dict):
        return change
    if len(change) != 1 or (operation := next(iter(change))) not in _OPERATIONS:
        raise Invalid("An attribute is a text, a number, true, false, or a list of them.", where)
    return _OPERATIONS[operation](held, change[operation], where)


def _set_once(held: Any, value: Any, where: str) -> Any:
    return value if held is None else held


def _add(held: Any, value: Any, where: str) -> Any:
    before = 0 if held is None else held
    if not (_is_number(before) and _is_number(value)):
        raise Invalid("Only numbers can be added.", where)
    return before + value


def _listed(held: Any) -> list[Any]:
    return [] if held is None else list(held) if isinstance(held, list) else [held]


def _append(held: Any, value: Any, where: str) -> list[Any]:
    return [*_listed(held), *(part for part in _listed(value) if part not in _listed(held))]


def _prepend(held: Any, value: Any, where: str) -> list[Any]:
    return [*(part for part in _listed(value) if part not in _listed(held)), *_listed(held)]


def _remove(held: Any, value: Any, where: str) -> list[Any] | None:
    return [part for part in _listed(held) if part not in _listed(value)] or None


_OPERATIONS = {"set_once": _set_once, "add": _add, "append": _append, "prepend": _prepend, "remove": _remove}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_name(name: str, where: str) -> None:
    if not name or len(name) > 200 or not is_storable(name) or name in ("__proto__", "constructor", "prototype"):
        raise Invalid("This cannot be the name of an attribute.", where)


def _check_value(value: Any, where: str) -> None:
    if isinstance(value, list):
        if len(value) > MAX_LIST:
            raise Invalid(f"A list has up to {MAX_LIST} entries.", where)
        for part in value:
            _check_scalar(part, where)
        return
    _check_scalar(value, where)


def _check_scalar(value: Any, where: str) -> None:
    if isinstance(value, str):
        if len(value) > MAX_TEXT or not is_storable(value):
            raise Invalid(f"A text has up to {MAX_TEXT} characters, none of them broken.", where)
    elif isinstance(value, bool) or (isinstance(value, int | float) and abs(value) <= MAX_INTEGER):
        return
    else:
        raise Invalid("An attribute is a text, a number, true, false, or a list of them.", where)


async def count_matching(environment: Environment, rule: Rule | None) -> tuple[int, int]:
    """How many people fit the rule now, of how many: the latest 50,000 are looked at. What only a page can answer counts as fitting."""
    if rule is None:
        everybody = await Person.filter(environment=environment).count()
        return everybody, everybody
    now = clock.now()
    matching = looked_at = 0
    async for attributes, company in _latest(environment):
        facts = Facts(person=attributes, company=company, segments=set(), now=now)
        matching += evaluate(rule, facts) is not False
        looked_at += 1
    return matching, looked_at


async def attribute_names(environment: Environment, of: str = "person") -> list[str]:
    """The attribute names most often seen on the people (or companies) lately here, 200 at most: anybody may send any name."""
    model: type[Person] | type[Company] = Company if of == "company" else Person
    found: Counter[str] = Counter()
    for row in await model.filter(environment=environment).order_by("-last_seen_at").limit(500):
        found.update(row.attributes.keys())
    return sorted(name for name, _ in found.most_common(NAMES_SHOWN))


async def attribute_values(environment: Environment, name: str, of: str = "person") -> list[str]:
    """Up to 20 values of one attribute among those most recently here."""
    model: type[Person] | type[Company] = Company if of == "company" else Person
    found: dict[str, None] = {}
    for row in await model.filter(environment=environment).order_by("-last_seen_at").limit(500):
        found.update(dict.fromkeys(str(value) for value in _listed(row.attributes.get(name))))
    return list(found)[:20]


async def _latest(environment: Environment) -> AsyncIterator[tuple[Attributes, Attributes]]:
    for start in range(0, COUNTED_AT_MOST, COUNTED_AT_ONCE):
        page = await rows(sql("people.latest"), environment=environment.id, page=COUNTED_AT_ONCE, start=start)
        for row in page:
            yield as_json(row["attributes"]), as_json(row["company"]) or {}
        if len(page) < COUNTED_AT_ONCE:
            return
