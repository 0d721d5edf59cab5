"""The form schema of a Body, derived from its annotations: one FieldSchema for each type, one FieldSpec for each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from pydantic import StringConstraints, TypeAdapter
from pydantic.fields import FieldInfo

from guides.fields import GuideRef, ItemKey, Link, PagePattern, RichText, Target
from guides.fields.conditions import RuleType
from guides.kind import Body


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """One type as a form sees it; `widget` names the macro that renders it and the parser of what is posted.

    `variants` are the members of a union by their value of the discriminating field `tag`.
    """

    widget: str
    optional: bool = False
    body: type[Body] | None = None
    item: FieldSchema | None = None
    variants: Mapping[str, type[Body]] = field(default_factory=dict)
    tag: str = ""
    values: tuple[Any, ...] = ()
    limit: int | None = None

    @property
    def is_keyed(self) -> bool:
        """Whether it is a list whose items have a key that stays when they move."""
        return self.widget == "list" and self.item is not None and self.item.has_key

    @property
    def has_key(self) -> bool:
        """Whether it is a Body with a key, or a union of such bodies."""
        bodies = [self.body] if self.body else list(self.variants.values())
        return bool(bodies) and all("key" in body.model_fields for body in bodies)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a Body: its schema, label, default as plain JSON, and the options its declaration passed to the form."""

    name: str
    schema: FieldSchema
    info: FieldInfo
    form: Mapping[str, Any]
    label: str
    default: Any = None

    def blank(self) -> Any:
        """The value of the field in a new item, as plain JSON: the default, but with new keys."""
        return blank_value(self.schema) if self.info.is_required() else _to_json(self.info.get_default(call_default_factory=True))

    def is_excluded(self, value: Any) -> bool:
        """Whether the body leaves the field out of its JSON when it has this value."""
        return self.info.exclude_if is not None and self.info.exclude_if(value)


@cache
def fields_of(body: type[Body]) -> tuple[FieldSpec, ...]:
    """The fields of a Body in their order."""
    hints = get_type_hints(body, include_extras=True)
    return tuple(_field_spec(name, hints[name], info) for name, info in body.model_fields.items())


def body_title(body: type[Body]) -> str:
    """The visible name of one such item: its title, else its class name in words."""
    title = getattr(body, "title", None)
    return title if isinstance(title, str) else _humanize(body.__name__)


def blank_body(body: type[Body]) -> dict[str, Any]:
    """A new item with its defaults as plain JSON; it need not be valid."""
    return {spec.name: spec.blank() for spec in fields_of(body)}


def item_title(spec: FieldSpec) -> str:
    """The visible name of one item of a list: of its Body, or the `variants_label` where the items are a union."""
    item = spec.schema.item
    return body_title(item.body) if item and item.body else str(spec.form.get("variants_label") or spec.label)


def blank_value(schema: FieldSchema, variant: str = "") -> Any:
    """An empty value of that schema as plain JSON; of a union the named variant, else the first."""
    if schema.optional:
        return None
    if schema.body:
        return blank_body(schema.body)
    if schema.variants:
        return blank_body(schema.variants.get(variant) or next(iter(schema.variants.values())))
    return {
        "list": [],
        "rule": {"all": []},
        "switch": False,
        "number": 0,
        "integer": 0,
        "choice": schema.values[0] if schema.values else "",
    }.get(schema.widget, "")


def schema_of(annotation: Any) -> FieldSchema:
    """The schema of an annotation; an unknown type gets the JSON widget."""
    base, metadata = _unwrap_annotated(annotation)
    if get_origin(base) in (Union, UnionType):
        return _union_schema(get_args(base), metadata)
    if get_origin(base) is Literal:
        return _literal_schema(get_args(base))
    if get_origin(base) is list:
        return FieldSchema("list", item=schema_of(get_args(base)[0]), limit=_max_length(metadata))
    if base is RichText:
        return FieldSchema("rich_text")
    if any(isinstance(mark, RuleType) for mark in metadata):
        return FieldSchema("rule")
    if isinstance(base, type):
        return _class_schema(base, metadata)
    return FieldSchema("json")


def _field_spec(name: str, annotation: Any, info: FieldInfo) -> FieldSpec:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    form = extra.get("form")
    spec = FieldSpec(name, schema_of(annotation), info, form if isinstance(form, dict) else {}, info.title or _humanize(name))
    return replace(spec, default=spec.blank())


def _unwrap_annotated(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    if get_origin(annotation) is Annotated:
        base, *metadata = get_args(annotation)
        return base, tuple(metadata)
    return annotation, ()


def _union_schema(members: tuple[Any, ...], metadata: tuple[Any, ...]) -> FieldSchema:
    concrete = [member for member in members if member is not type(None)]
    optional = len(concrete) < len(members)
    if len(concrete) == 1:
        schema = schema_of(Annotated[concrete[0], *metadata] if metadata else concrete[0])
        return replace(schema, optional=True) if optional else schema
    tag, variants = _variants(concrete)
    return FieldSchema("union", optional, tag=tag, variants=variants) if tag else FieldSchema("json", optional)


def _variants(members: list[Any]) -> tuple[str, dict[str, type[Body]]]:
    """The field with another literal value in each member, and the members by that value; empty when there is none."""
    if not all(isinstance(member, type) and issubclass(member, Body) for member in members):
        return "", {}
    for name in members[0].model_fields:
        tags = [_literal_tag(member, name) for member in members]
        if all(tags) and len(set(tags)) == len(tags):
            return name, dict(zip(tags, members, strict=True))
    return "", {}


def _literal_tag(body: type[Body], name: str) -> str:
    spec = next((spec for spec in fields_of(body) if spec.name == name), None)
    values = spec.schema.values if spec else ()
    return values[0] if len(values) == 1 and isinstance(values[0], str) else ""


def _literal_schema(values: tuple[Any, ...]) -> FieldSchema:
    return FieldSchema("choice", None in values, values=tuple(value for value in values if value is not None))


def _class_schema(base: type, metadata: tuple[Any, ...]) -> FieldSchema:
    if issubclass(base, Body):
        return FieldSchema("target" if base is Target else "group", body=base)
    if issubclass(base, Enum):
        return FieldSchema("choice", values=tuple(member.value for member in base))
    for python_type, widget in ((bool, "switch"), (int, "integer"), (float, "number"), (datetime, "datetime"), (date, "date")):
        if issubclass(base, python_type):
            return FieldSchema(widget)
    if issubclass(base, str):
        return FieldSchema(_string_widget(base, metadata), limit=_max_length(metadata))
    return FieldSchema("json")


def _string_widget(base: type, metadata: tuple[Any, ...]) -> str:
    for alias, widget in ((ItemKey, "key"), (GuideRef, "guide"), (PagePattern, "page"), (Link, "link")):
        if _is_alias(base, metadata, alias):
            return widget
    return "short_text"


def _is_alias(base: Any, metadata: tuple[Any, ...], alias: Any) -> bool:
    """Whether an annotation is that Annotated alias, perhaps with further metadata."""
    alias_base, alias_metadata = _unwrap_annotated(alias)
    return base is alias_base and bool(alias_metadata) and all(constraint in metadata for constraint in alias_metadata)


def _max_length(metadata: tuple[Any, ...]) -> int | None:
    """The smallest maximum length among the constraints, None without one."""
    lengths = [length for length in map(_length_of, metadata) if length is not None]
    return min(lengths, default=None)


def _length_of(constraint: object) -> int | None:
    if isinstance(constraint, StringConstraints | MaxLen):
        return constraint.max_length
    if isinstance(constraint, FieldInfo):
        return _max_length(tuple(constraint.metadata))
    return None


def _to_json(value: Any) -> Any:
    return _ANY.dump_python(value, mode="json")


_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def _humanize(name: str) -> str:
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name.replace("_", " ")).strip()
    return spaced[:1].upper() + spaced[1:]
