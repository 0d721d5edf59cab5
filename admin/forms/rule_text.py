"""Rules and settings as sentences: who sees a guide, where it starts, how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from admin.forms.rule_form import RuleGroup, RuleRow, from_rule
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
MAX_PARTS = 3


def audience(rule: Any) -> str:
    """Who sees a guide: “plan is trial and role is admin”, or everyone."""
    return _rule_text(rule, gettext("Everyone"), gettext("People who match a rule of several levels"))


def trigger(rule: Any) -> str:
    """Where and when a guide starts."""
    return gettext("everywhere") if rule is None else _rule_text(rule, "", gettext("a rule of several levels"))


def conditions(rule: Any) -> str:
    """For whom and where a part of a guide is there; empty where it always is."""
    return _rule_text(rule, "", gettext("a rule of several levels"), with_page=True)


def pages(rule: Any) -> str:
    """The pages a guide starts on: the first one, and how many more."""
    patterns = page_patterns(rule)
    if not patterns:
        return gettext("everywhere")
    first = f"\u2066{patterns[0]}\u2069"  # an address reads from left to right in every language
    more = len(patterns) - 1
    if not more:
        return first
    return ngettext("%(first)s and %(num)s more", "%(first)s and %(num)s more", more) % {"first": first, "num": more}


def page_patterns(rule: Any) -> list[str]:
    """The page patterns of a trigger."""
    if not isinstance(rule, Mapping):
        return []
    patterns = [rule["page"]] if isinstance(rule.get("page"), str) else []
    for member in (*_as_list(rule.get("all")), *_as_list(rule.get("any"))):
        patterns += page_patterns(member)
    return patterns


def frequency(name: Any, days: Any = None) -> str:
    """How often one person sees a guide."""
    if name == "every_days" and isinstance(days, int):
        return ngettext("Every day", "Every %(num)s days", days) % {"num": days}
    return gettext(FREQUENCIES.get(str(name), str(name)))


def start(settings: Mapping[str, Any]) -> str:
    """What starts a guide: “When people click New deal”."""
    name = settings.get("start", "auto")
    event_name, clicked = event(settings.get("event")), element(settings.get("click"))
    if name == "on_event" and event_name:
        return gettext("When %(event)s happens") % {"event": event_name}
    if name == "on_click" and clicked:
        return gettext("When people click %(element)s") % {"element": clicked}
    return gettext(STARTS.get(str(name), str(name)))


def event(filter: Any) -> str:
    """An event: its name and the conditions on its properties."""
    if not isinstance(filter, Mapping) or not filter.get("name"):
        return ""
    return f"{filter['name']} ({audience(filter['where'])})" if filter.get("where") else str(filter["name"])


def element(target: Any) -> str:
    """An element, by its label or by what it is found by."""
    return str(target.get("label") or target.get("value") or "") if isinstance(target, Mapping) else ""


def condition(rule: Any) -> str:
    """One condition that is not about an attribute."""
    tag, operand = next(iter(rule.items())) if isinstance(rule, Mapping) and rule else ("", "")
    if tag == "between":
        return gettext("it is within certain dates")
    template = {
        "page": gettext("the page is %(what)s"),
        "delay": gettext("%(what)s seconds have passed"),
        "scroll": gettext("%(what)s%% of the page was scrolled"),
        "segment": gettext("they are in the segment %(what)s"),
        "element": gettext("an element is on the page: %(what)s"),
    }.get(tag)
    if template is None:
        return gettext("a condition of another kind")
    return template % {"what": element(operand) if tag == "element" else operand}


def _rule_text(rule: Any, without_conditions: str, too_deep: str, with_page: bool = False) -> str:
    form = from_rule(rule, with_page)
    if form.raw is not None:
        return too_deep
    groups = [_group(group) for group in form.groups]
    return _combined(groups, form.match) if groups else without_conditions


def _group(group: RuleGroup) -> str:
    text = _combined([_row(row) for row in group.rows], group.match)
    return gettext("not (%(said)s)") % {"said": text} if group.negated else text


def _row(row: RuleRow) -> str:
    if row.raw is not None:
        return condition(row.raw)
    if row.of in ("page", "element"):
        text = condition({row.of: row.text if row.of == "page" else {**row.target, "value": row.text}})
        return gettext("not (%(said)s)") % {"said": text} if row.op == "is_not" else text
    text = f"{row.name} {gettext(OPERATORS[row.op].label)}"
    return text if row.input_type == "none" else f"{text} {row.text}"


def _combined(parts: list[str], match: str) -> str:
    shown = parts[:MAX_PARTS] + (["…"] if len(parts) > MAX_PARTS else [])
    return (gettext(" and ") if match == "all" else gettext(" or ")).join(shown)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
