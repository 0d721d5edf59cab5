"""People of the host page: identify them, group them in a company, merge attributes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from guides import clock
from guides.database import run, transaction
from guides.errors import Invalid
from guides.models import Company, Environment, Person, Progress
from guides.rules import Facts, Rule, settle

MAX_ATTRIBUTES = 200
MAX_TEXT = 1000
MAX_LIST = 100
MAX_INTEGER = 2**53 - 1
SEEN_EVERY = timedelta(minutes=5)
COUNTED_AT_MOST = 50_000

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
    seen_at: datetime
    company: str | None
    company_attributes: Attributes


def has_news(known: Known | None, who: Who) -> bool:
    """Whether this visit changes anything stored; last seen counts every five minutes. Raises Invalid naming a bad attribute."""
    if known is None:
        return who.person is not None or who.anonymous is not None
    if clock.now() - known.seen_at > SEEN_EVERY:
        return True
    if who.person is not None and who.anonymous is not None and known.anonymous != who.anonymous:
        return True
    if merged(known.attributes, who.attributes, "person.attributes") != known.attributes:
        return True
    return who.company is not None and _company_news(known, who)


async def identify(environment: UUID, who: Who) -> Person:
    """Find or make the person, join what the browser did before, and store what changed.

    `environment` is its id. Raises Invalid naming the attribute that cannot be stored.
    """
    try:
        return await _write(environment, who)
    except IntegrityError:
        return await _write(environment, who)


def _company_news(known: Known, who: Who) -> bool:
    if known.company != who.company:
        return True
    same = merged(known.company_attributes, who.company_attributes, "company.attributes") == known.company_attributes
    return not same or merged(known.membership, who.membership, "company.membership") != known.membership


@transaction
async def _write(environment: UUID, who: Who) -> Person:
    now = clock.now()
    person = await _join(environment, who)
    if person is None:
        person = Person(environment_id=environment, key=who.person, attributes={}, membership={}, created_at=now, seen_at=now)
    await _remember_browser(environment, person, who.anonymous)
    if who.company is not None:
        person.company = await _company(environment, who, now)
        person.membership = merged(person.membership, who.membership, "company.membership")
    person.attributes = merged(person.attributes, who.attributes, "person.attributes")
    person.seen_at = now
    await person.save()
    return person


async def _remember_browser(environment: UUID, person: Person, anonymous: str | None) -> None:
    """The latest browser of a person; one that belongs to somebody else moves over, for its next anonymous visit is this person's."""
    if anonymous is None or person.anonymous == anonymous:
        return
    await Person.filter(environment_id=environment, anonymous=anonymous).exclude(id=person.id).update(anonymous=None)
    person.anonymous = anonymous


async def _join(environment: UUID, who: Who) -> Person | None:
    """The row for this person, taking over what the same browser did anonymously."""
    known = None if who.person is None else await Person.select_for_update().get_or_none(environment_id=environment, key=who.person)
    browser = None
    if who.anonymous is not None:
        browser = await Person.select_for_update().get_or_none(environment_id=environment, anonymous=who.anonymous)
    if who.person is None or browser is None or browser.key is not None:
        return known if who.person is not None else browser
    if known is None:
        browser.key = who.person
        return browser
    await _merge(environment, browser, known)
    return known


async def _merge(environment: UUID, browser: Person, known: Person) -> None:
    """Move events and progress; what the known person already has wins, and the anonymous row is gone."""
    await run(
        "UPDATE event SET person_id = :known WHERE environment_id = :environment AND person_id = :browser",
        known=known.id,
        environment=environment,
        browser=browser.id,
    )
    had = {row.guide_id for row in await Progress.filter(environment_id=environment, person=known)}
    for row in await Progress.filter(environment_id=environment, person=browser):
        if row.guide_id not in had:
            await Progress.filter(id=row.id).update(person=known)
    known.attributes = {**browser.attributes, **known.attributes}
    anonymous = browser.anonymous
    await browser.delete()
    known.anonymous = anonymous


async def _company(environment: UUID, who: Who, now: datetime) -> Company:
    company = await Company.select_for_update().get_or_none(environment_id=environment, key=who.company)
    if company is None:
        company = Company(environment_id=environment, key=who.company, attributes={}, created_at=now)
    company.attributes = merged(company.attributes, who.company_attributes, "company.attributes")
    company.seen_at = now
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
    return result


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
    if not name or len(name) > 200 or "\x00" in name or name in ("__proto__", "constructor", "prototype"):
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
        if len(value) > MAX_TEXT or "\x00" in value:
            raise Invalid(f"A text has up to {MAX_TEXT} characters and no NUL.", where)
    elif isinstance(value, bool) or (isinstance(value, int | float) and abs(value) <= MAX_INTEGER):
        return
    else:
        raise Invalid("An attribute is a text, a number, true, false, or a list of them.", where)


async def count_matching(environment: Environment, rule: Rule | None) -> tuple[int, int]:
    """How many people fit the rule now, of how many; looks at the latest 50,000. What only a page can answer counts as fitting."""
    everybody = await Person.filter(environment=environment).count()
    if rule is None:
        return everybody, everybody
    now = clock.now()
    matching = 0
    async for person in _latest(environment):
        company = person.company.attributes if person.company else {}
        facts = Facts(person=person.attributes, company=company, segments=set(), now=now)
        matching += settle(rule, facts) is not False
    return matching, everybody


async def attribute_names(environment: Environment, of: str = "person") -> list[str]:
    """The attribute names seen on the people (or companies) most recently here."""
    model: type[Person] | type[Company] = Company if of == "company" else Person
    found: set[str] = set()
    for row in await model.filter(environment=environment).order_by("-seen_at").limit(500):
        found.update(row.attributes)
    return sorted(found)


async def attribute_values(environment: Environment, name: str, of: str = "person") -> list[str]:
    """Up to 20 values of one attribute among those most recently here."""
    model: type[Person] | type[Company] = Company if of == "company" else Person
    found: dict[str, None] = {}
    for row in await model.filter(environment=environment).order_by("-seen_at").limit(500):
        found.update(dict.fromkeys(str(value) for value in _listed(row.attributes.get(name))))
    return list(found)[:20]


async def _latest(environment: Environment) -> AsyncIterator[Person]:
    for start in range(0, COUNTED_AT_MOST, 1000):
        page = await Person.filter(environment=environment).order_by("-seen_at").offset(start).limit(1000).prefetch_related("company")
        for person in page:
            yield person
        if len(page) < 1000:
            return
