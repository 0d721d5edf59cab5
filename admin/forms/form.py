"""A Body as a form: build_form() turns a draft in any state into a tree of fields for the templates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from admin.forms.plain_text import to_plain_text
from admin.forms.rule_form import RuleForm, from_rule
from admin.forms.schema import FieldSchema, FieldSpec, body_title, fields_of, item_title
from guides.kind import Body, Problem


@dataclass(slots=True)
class Field:
    """One input, or a group of them; `name` is its path in the draft (steps.0.title), `fields` are its children.

    `is_set` is whether the draft has another value than a new item; `tag_name` is the input that chooses the variant of a union,
    `variants` those that a list of a union can add, as pairs of tag and title; `item_title` is the visible name of a group, a variant,
    or one item of a list.
    """

    widget: str
    name: str
    label: str
    value: Any = None
    hint: str = ""
    problems: list[Problem] = field(default_factory=list)
    optional: bool = False
    choices: list[tuple[str, str, str]] = field(default_factory=list)
    advanced: bool = False
    is_set: bool = False
    section: str = ""
    when: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    is_shown: bool = True
    limit: int | None = None
    recommended_length: int | None = None
    unit: str = ""
    fields: list[Field] = field(default_factory=list)
    item_title: str = ""
    tag_name: str = ""
    variants: list[tuple[str, str]] = field(default_factory=list)
    is_keyed: bool = False

    @property
    def id(self) -> str:
        """Its id in the page."""
        return "f-" + self.name.replace(".", "-")

    @property
    def key(self) -> str:
        """The key of an item, empty for anything else."""
        return next((str(child.value) for child in self.fields if child.widget == "key"), "")

    @property
    def text(self) -> str:
        """Rich text as plain paragraphs, for browsers without a script."""
        return to_plain_text(self.value)

    @property
    def rule(self) -> RuleForm:
        """A rule as groups of rows."""
        return from_rule(self.value, with_page=True)

    @property
    def json(self) -> str:
        """The value as JSON, for hidden inputs."""
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))

    @property
    def is_open(self) -> bool:
        """Whether it must not be collapsed: it has a value of its own, or a problem."""
        return self.is_set or any(child.problems for child in self.walk())

    def find(self, name: str) -> Field | None:
        """The child with that name."""
        return next((child for child in self.fields if child.name == name), None)

    def walk(self) -> Iterator[Field]:
        """This field and all its descendants, depth first."""
        yield self
        for child in self.fields:
            yield from child.walk()


def build_form(body: type[Body], draft: Any, problems: Sequence[Problem] = ()) -> Field:
    """The form of a draft in any state, each problem at the field it is about."""
    form = _build_group(body, draft, "", "")
    _attach_problems(form, problems)
    return form


def build_item(spec: FieldSpec, items: Sequence[Any], index: int, problems: Sequence[Problem] = ()) -> Field:
    """The form of one item of a list, as build_form() nests it, with the problems below its path."""
    assert spec.schema.item is not None
    item = _build_from_schema(spec.schema.item, items[index], f"{spec.name}.{index}", item_title(spec))
    _attach_problems(item, [problem for problem in problems if problem.path[:2] == (spec.name, index)])
    return item


def find_schema(body: type[Body], path: Sequence[str]) -> FieldSchema | None:
    """The schema at a path such as steps.0.buttons; of a union the first variant that has the name counts."""
    schema: FieldSchema | None = FieldSchema("group", body=body)
    for step in path:
        schema = _child_schema(schema, step) if schema else None
    return schema


def find_items_field(body: type[Body]) -> FieldSpec | None:
    """The first list of items with keys: what an author sees as the steps, tasks or questions."""
    return next((spec for spec in fields_of(body) if spec.schema.is_keyed), None)


def is_collapsed_group(spec: FieldSpec) -> bool:
    """Whether it is an optional group that is shown, collapsed, even while the draft leaves it out."""
    return bool(spec.form.get("advanced") and spec.schema.optional and spec.schema.body)


def _build_group(body: type[Body], value: Any, name: str, label: str) -> Field:
    values = value if isinstance(value, Mapping) else {}
    group = Field("group", name, label, item_title=body_title(body))
    for spec in fields_of(body):
        current = values[spec.name] if spec.name in values else spec.blank()
        child = _build_field(spec, current, f"{name}.{spec.name}" if name else spec.name)
        child.is_set = spec.name in values and current != spec.default
        group.fields.append(child)
    for child in group.fields:
        child.is_shown = _is_shown(child, group)
    return group


def _build_field(spec: FieldSpec, value: Any, name: str) -> Field:
    built = _build_from_schema(spec.schema, value, name, item_title(spec) if spec.schema.item else spec.label)
    built.label, form = spec.label, spec.form
    if is_collapsed_group(spec) and not built.fields and spec.schema.body:
        built.fields = _build_group(spec.schema.body, {}, name, spec.label).fields
    built.hint, built.advanced = str(form.get("hint") or ""), bool(form.get("advanced"))
    built.section, built.unit = str(form.get("section") or ""), str(form.get("unit") or "")
    built.recommended_length = form.get("recommended_length")
    built.when = _conditions(form.get("visible_when"), name)
    _label_choices(built, form.get("choices") or {}, form.get("icons") or {})
    return built


def _build_from_schema(schema: FieldSchema, value: Any, name: str, label: str) -> Field:
    built = Field(schema.widget, name, label, value, optional=schema.optional, limit=schema.limit, is_keyed=schema.is_keyed)
    built.choices = [(str(choice), str(choice).replace("_", " "), "") for choice in schema.values]
    if schema.widget == "list" and schema.item:
        built.item_title = label
        built.variants = [(tag, body_title(body)) for tag, body in schema.item.variants.items()] if schema.is_keyed else []
        items = value if isinstance(value, list) else []
        built.fields = [_build_from_schema(schema.item, item, f"{name}.{index}", label) for index, item in enumerate(items)]
    elif schema.body and not (schema.optional and value is None):
        built.fields = _build_group(schema.body, value, name, label).fields
        built.item_title = body_title(schema.body)
    elif schema.variants:
        _build_variant(built, schema, value)
    return built


def _build_variant(built: Field, schema: FieldSchema, value: Any) -> None:
    values = value if isinstance(value, Mapping) else {}
    posted = values.get(schema.tag)
    tag = posted if isinstance(posted, str) and posted in schema.variants else next(iter(schema.variants))
    built.choices = [(each, body_title(body), "") for each, body in schema.variants.items()]
    built.tag_name, built.value = f"{built.name}.{schema.tag}", None if schema.optional and value is None else tag
    if built.value is not None:
        group = _build_group(schema.variants[tag], values, built.name, "")
        built.item_title = group.item_title
        built.fields = [child for child in group.fields if child.name != built.tag_name]


def _conditions(when: Any, name: str) -> list[tuple[str, frozenset[str]]]:
    conditions = when if isinstance(when, Mapping) else {}
    above = name.rpartition(".")[0]
    return [(f"{above}.{sibling}".lstrip("."), frozenset(values)) for sibling, values in conditions.items()]


def _is_shown(child: Field, group: Field) -> bool:
    values = {sibling.name: "true" if sibling.value is True else str(sibling.value) for sibling in group.fields}
    return all(values.get(sibling) in (None, *accepted) for sibling, accepted in child.when)


def _label_choices(built: Field, labels: Mapping[str, str], icons: Mapping[str, str]) -> None:
    if built.widget == "choice":
        built.choices = [(value, labels.get(value, label), icons.get(value, "")) for value, label, _ in built.choices]


def _attach_problems(form: Field, problems: Sequence[Problem]) -> None:
    """Each problem goes to the deepest field on its path that a person can see, at least to the form itself."""
    visible = {child.name: child for child in form.walk() if child.widget != "key"}
    for problem in problems:
        path = [str(step) for step in problem.path]
        while path and ".".join(path) not in visible:
            path.pop()
        visible[".".join(path)].problems.append(problem)


def _child_schema(schema: FieldSchema, step: str) -> FieldSchema | None:
    if schema.widget == "list":
        return schema.item
    for body in (schema.body, *schema.variants.values()):
        child = next((spec.schema for spec in fields_of(body) if spec.name == step), None) if body else None
        if child:
            return child
    return None
