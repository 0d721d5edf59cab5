"""Rules and settings in words: who sees a guide, where it starts, how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from admin.forms.rule_form import Group, Line, open_book
from admin.i18n.translate import gettext, gettext_noop, ngettext
from guides.rules.operators import OPERATORS

FREQUENCIES = {
    "once": gettext_noop("Once per person"),
    "until_finished": gettext_noop("Until they finish it"),
    "every_days": gettext_noop("Every few days"),
    "always": gettext_noop("Every time"),
}
STARTS = {
    "auto": gettext_noop("By itself"),
    "on_event": gettext_noop("When an event happens"),
    "on_click": gettext_noop("When people click an element"),
    "manual": gettext_noop("Only when asked for"),
}
LONGEST = 3


def audience(rule: Any) -> str:
    """Who: “plan is trial and role is admin”, or everyone."""
    book = open_book(rule)
    if book.kept is not None:
        return gettext("People who match a rule of several levels")
    if not book.groups:
        return gettext("Everyone")
    return _joined([_group(group) for group in book.groups], book.joint)


def where(rule: Any) -> str:
    """The pages a guide starts on, in a few words."""
    patterns = pages(rule)
    if not patterns:
        return gettext("everywhere")
    more = len(patterns) - 1
    return (
        patterns[0]
        if not more
        else ngettext("%(first)s and %(num)s more", "%(first)s and %(num)s more", more) % {"first": patterns[0], "num": more}
    )


def occasion(rule: Any) -> str:
    """Where and when, in words."""
    if rule is None:
        return gettext("everywhere")
    book = open_book(rule)
    if book.kept is not None:
        return gettext("a rule of several levels")
    return _joined([_group(group) for group in book.groups], book.joint)


def pages(rule: Any) -> list[str]:
    """The page patterns a trigger asks for."""
    if not isinstance(rule, Mapping):
        return []
    found = [rule["page"]] if isinstance(rule.get("page"), str) else []
    for inner in (*_listed(rule.get("all")), *_listed(rule.get("any"))):
        found += pages(inner)
    return found


def frequency(word: Any, days: Any = None) -> str:
    """How often, in words."""
    if word == "every_days" and isinstance(days, int):
        return ngettext("Every day", "Every %(num)s days", days) % {"num": days}
    return gettext(FREQUENCIES.get(str(word), str(word)))


def starts(settings: Mapping[str, Any]) -> str:
    """What starts it, in words: “When people click New deal”."""
    word = settings.get("start", "auto")
    event, click = settings.get("event"), settings.get("click")
    if word == "on_event" and happening(event):
        return gettext("When %(event)s happens") % {"event": happening(event)}
    if word == "on_click" and element(click):
        return gettext("When people click %(element)s") % {"element": element(click)}
    return gettext(STARTS.get(str(word), str(word)))


def happening(event: Any) -> str:
    """An event, in words: its name and what its properties must fit."""
    if not isinstance(event, Mapping) or not event.get("name"):
        return ""
    return f"{event['name']} ({audience(event['where'])})" if event.get("where") else str(event["name"])


def element(target: Any) -> str:
    """An element, by what it is found by."""
    return str(target.get("label") or target.get("value") or "") if isinstance(target, Mapping) else ""


def condition(rule: Any) -> str:
    """One condition that is not about an attribute, in words."""
    tag, asked = next(iter(rule.items())) if isinstance(rule, Mapping) and rule else ("", "")
    said = {
        "page": lambda: gettext("the page is %(what)s") % {"what": asked},
        "delay": lambda: gettext("%(what)s seconds have passed") % {"what": asked},
        "scroll": lambda: gettext("%(what)s%% of the page was scrolled") % {"what": asked},
        "segment": lambda: gettext("they are in the segment %(what)s") % {"what": asked},
        "element": lambda: (
            gettext("an element is on the page: %(what)s") % {"what": asked.get("value", "") if isinstance(asked, Mapping) else ""}
        ),
        "between": lambda: gettext("it is within certain dates"),
    }.get(tag)
    return said() if said else gettext("a condition of another kind")


def _group(group: Group) -> str:
    said = _joined([_line(line) for line in group.lines], group.match)
    return gettext("not (%(said)s)") % {"said": said} if group.leaves_out else said


def _line(line: Line) -> str:
    if line.kept is not None:
        return condition(line.kept)
    words = f"{line.name} {gettext(OPERATORS[line.op].label)}"
    return words if line.entry == "none" else f"{words} {line.text}"


def _joined(parts: list[str], word: str) -> str:
    shown = parts[:LONGEST] + (["…"] if len(parts) > LONGEST else [])
    return (gettext(" and ") if word == "all" else gettext(" or ")).join(shown)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
