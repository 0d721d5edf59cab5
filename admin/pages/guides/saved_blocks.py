"""The blocks of the editor that a save changed: a block is sent again only when what it shows is not the same any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from admin.forms.form import Field, build_form, build_item, find_items_field
from admin.forms.schema import FieldSpec
from admin.pages.guides.editor_context import guide_variables, host_variables, part_form_variables
from admin.pages.guides.header import GuideHeader
from admin.pages.guides.part_rows import PartRow, part_row
from admin.pages.guides.preview_context import blocked_hosts, body_patch, checksum_of, json_text, preview_tree
from admin.pages.guides.target_warnings import TargetWarning, list_target_warnings, matching_warnings
from admin.web.access import context_of


@dataclass(frozen=True, slots=True)
class _RowChange:
    """The row of a part before and after a save; without a row before, the part was added."""

    before: PartRow | None
    after: PartRow


async def saved_blocks(
    request: Request, before: GuideHeader, after: GuideHeader, part: str, checksum: str, *, focus: str = "", with_form: bool = False
) -> dict[str, Any] | None:
    """The variables of the editor's blocks that differ; None when parts were moved or removed, so that the whole list differs.

    `checksum` is of the body that the page has: the new one is sent as a patch of it. `with_form` sends the part's form again.
    Costs no query while neither a target nor the number of a part's problems changes.
    """
    spec = find_items_field(after.kind.Body)
    old, new = _items(spec, before), _items(spec, after)
    keys = [_key(item) for item in new]
    if keys[: len(old)] != [_key(item) for item in old] or (with_form and spec and part not in keys):
        return None
    rows = await _changed_rows(request, before, after, spec, with_form, part) if spec else []
    hosts = [blocked_hosts(header.guide.draft, context_of(request).project.image_hosts) for header in (before, after)]
    changed = [row for row in rows if row.before]
    own = next((row for row in rows if row.after.key == part), None)
    variables = {
        **guide_variables(after, part, focus),
        **_body_variables(request, before, after, checksum),
        "labels": [row.after for row in changed if row.before and row.before.label != row.after.label],
        "marks": [row.after for row in changed if row.before and row.before.mark != row.after.mark],
        "added_rows": [row.after for row in rows if row.before is None],
        "count": len(new),
        "has_new_header": with_form or len(before.changes) != len(after.changes),
        "has_new_choice": not with_form and own is not None and own.before is not None and own.before.choice != own.after.choice,
        "has_new_hosts": hosts[0] != hosts[1],
        "has_new_warning": not with_form
        and own is not None
        and own.before is not None
        and own.before.target_warning != own.after.target_warning,
        "has_new_form": with_form,
        "chosen": own.after if own else None,
    }
    if with_form:
        draft, problems = after.guide.draft, after.problems_of_body
        form = build_item(spec, new, keys.index(part), problems) if spec else build_form(after.kind.Body, draft, problems)
        return {**variables, **await part_form_variables(request, after, form, own.after if own else None), "has_new_hosts": False}
    return {**variables, **(await host_variables(request, after, hosts[1]) if hosts[0] != hosts[1] else {})}


def _body_variables(request: Request, before: GuideHeader, after: GuideHeader, checksum: str) -> dict[str, str]:
    allowed = context_of(request).project.image_hosts
    old, new = preview_tree(before, allowed), preview_tree(after, allowed)
    is_known = checksum == checksum_of(old)
    return {
        "body": "" if is_known else json_text(new),
        "patch": json_text(body_patch(old, new)) if is_known else "",
        "checksum": checksum_of(new),
    }


async def _changed_rows(
    request: Request, before: GuideHeader, after: GuideHeader, spec: FieldSpec, with_form: bool, part: str
) -> list[_RowChange]:
    """The rows of the parts that were edited or added or whose number of problems changed, and of the part whose form is sent."""
    old, new = _items(spec, before), _items(spec, after)
    old_counts, new_counts = _problem_counts(spec, before), _problem_counts(spec, after)
    indexes = [
        index
        for index, item in enumerate(new)
        if index >= len(old) or item != old[index] or old_counts[index] != new_counts[index] or (with_form and _key(item) == part)
    ]
    forms = {index: build_item(spec, new, index) for index in indexes}
    old_forms = {index: build_item(spec, old, index) for index in indexes if index < len(old)}
    is_judged = any(
        with_form or old_counts[index] != new_counts[index] or _targets(form) != _targets(forms[index]) for index, form in old_forms.items()
    )
    warnings = await list_target_warnings(after.guide, context_of(request).environment, after.version) if is_judged else {}
    own = matching_warnings(warnings, after.version, spec.name, forms.values())
    old_own = matching_warnings(warnings, after.version, spec.name, old_forms.values())
    return [
        _RowChange(
            _row(before, old_forms[index], index, old_own) if index in old_forms else None,
            _row(after, form, index, own),
        )
        for index, form in forms.items()
    ]


def _row(header: GuideHeader, form: Field, index: int, warnings: dict[str, TargetWarning]) -> PartRow:
    return part_row(header, form, index + 1, warnings.get(form.key))


def _targets(form: Field) -> list[Any]:
    return [field.value for field in form.fields if field.widget == "target"]


def _problem_counts(spec: FieldSpec, header: GuideHeader) -> dict[int, Counter[bool]]:
    counts: dict[int, Counter[bool]] = {index: Counter() for index in range(len(_items(spec, header)))}
    for problem in header.problems:
        if problem.path[:1] == (spec.name,) and len(problem.path) > 1 and problem.path[1] in counts:
            counts[int(problem.path[1])][problem.warning] += 1
    return counts


def _items(spec: FieldSpec | None, header: GuideHeader) -> Sequence[Any]:
    items = header.guide.draft.get(spec.name) if spec else None
    return items if isinstance(items, list) else []


def _key(item: Any) -> str:
    return str(item.get("key", "")) if isinstance(item, dict) else ""
