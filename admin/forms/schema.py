"""What a field of a Body is to a form, read from its annotation alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from pydantic import StringConstraints, TypeAdapter
from pydantic.fields import FieldInfo

from guides.fields import GuideRef, ItemKey, Link, PagePattern, RichText, Target
from guides.kind import Body


@dataclass(frozen=True, slots=True)
class Shape:
    """One type as a form sees it; `widget` names the macro that shows it and the way its text is read back."""

    widget: str
    optional: bool = False
    body: type[Body] | None = None
    item: Shape | None = None
    variants: Mapping[str, type[Body]] = field(default_factory=dict)
    tag: str = ""
    values: tuple[Any, ...] = ()
    limit: int | None = None

    @property
    def is_keyed(self) -> bool:
        """A list whose items have a key, so that they survive moving."""
        return self.widget == "list" and self.item is not None and self.item.body is not None and "key" in self.item.body.model_fields


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a Body: its shape, and what `form_field()` said of it."""

    name: str
    shape: Shape
    info: FieldInfo
    form: Mapping[str, Any]
    label: str

    def blank(self) -> Any:
        """Its value in a new part, as plain JSON."""
        if self.info.is_required():
            return blank_of(self.shape)
        return _plain(self.info.get_default(call_default_factory=True))

    def leaves_out(self, value: Any) -> bool:
        """Whether a body says nothing of the field while it is that."""
        return self.info.exclude_if is not None and self.info.exclude_if(value)


@cache
def asked_of(body: type[Body]) -> tuple[Asked, ...]:
    """The fields of a Body in their order."""
    hints = get_type_hints(body, include_extras=True)
    return tuple(_asked(name, hints[name], info) for name, info in body.model_fields.items())


def name_of(body: type[Body]) -> str:
    """What one such part is called: its title, else its class name in words."""
    title = getattr(body, "title", None)
    return title if isinstance(title, str) else _spaced(body.__name__)


def blank_body(body: type[Body]) -> dict[str, Any]:
    """A new part with its defaults, as plain JSON, ready or not."""
    return {asked.name: asked.blank() for asked in asked_of(body)}


def blank_of(shape: Shape) -> Any:
    """An empty value of that shape."""
    if shape.optional:
        return None
    if shape.body:
        return blank_body(shape.body)
    if shape.variants:
        return blank_body(next(iter(shape.variants.values())))
    return {"list": [], "switch": False, "number": 0, "integer": 0, "choice": shape.values[0] if shape.values else ""}.get(shape.widget, "")


def shape_of(annotation: Any) -> Shape:
    """The shape of an annotation; what it does not know is shown as JSON."""
    bare, extras = _unwrapped(annotation)
    if get_origin(bare) in (Union, UnionType):
        return _union(get_args(bare), extras)
    if get_origin(bare) is Literal:
        return _literal(get_args(bare))
    if get_origin(bare) is list:
        return Shape("list", item=shape_of(get_args(bare)[0]), limit=_limit(extras))
    if bare is RichText:
        return Shape("text")
    if isinstance(bare, type):
        return _plain_type(bare, extras)
    return Shape("json")


def _asked(name: str, annotation: Any, info: FieldInfo) -> Asked:
    more = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    form = more.get("form")
    return Asked(name, shape_of(annotation), info, form if isinstance(form, dict) else {}, info.title or _spaced(name))


def _unwrapped(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    if get_origin(annotation) is Annotated:
        bare, *extras = get_args(annotation)
        return bare, tuple(extras)
    return annotation, ()


def _union(members: tuple[Any, ...], extras: tuple[Any, ...]) -> Shape:
    kept = [member for member in members if member is not type(None)]
    optional = len(kept) < len(members)
    if len(kept) == 1:
        inner = shape_of(Annotated[kept[0], *extras] if extras else kept[0])
        return _optional(inner) if optional else inner
    tag, variants = _variants(kept)
    return Shape("either", optional, tag=tag, variants=variants) if tag else Shape("json", optional)


def _optional(inner: Shape) -> Shape:
    return Shape(inner.widget, True, inner.body, inner.item, inner.variants, inner.tag, inner.values, inner.limit)


def _variants(members: list[Any]) -> tuple[str, dict[str, type[Body]]]:
    """The field that tells the members apart, and each member by its word there."""
    if not all(isinstance(member, type) and issubclass(member, Body) for member in members):
        return "", {}
    for name in members[0].model_fields:
        words = [_only_word(member, name) for member in members]
        if all(words) and len(set(words)) == len(words):
            return name, dict(zip(words, members, strict=True))
    return "", {}


def _only_word(body: type[Body], name: str) -> str:
    found = next((asked for asked in asked_of(body) if asked.name == name), None)
    values = found.shape.values if found else ()
    return values[0] if len(values) == 1 and isinstance(values[0], str) else ""


def _literal(values: tuple[Any, ...]) -> Shape:
    return Shape("choice", None in values, values=tuple(value for value in values if value is not None))


def _plain_type(bare: type, extras: tuple[Any, ...]) -> Shape:
    if issubclass(bare, Body):
        return Shape("target" if bare is Target else "group", body=bare)
    if issubclass(bare, Enum):
        return Shape("choice", values=tuple(member.value for member in bare))
    for known, word in ((bool, "switch"), (int, "integer"), (float, "number"), (datetime, "moment"), (date, "date")):
        if issubclass(bare, known):
            return Shape(word)
    if issubclass(bare, str):
        return Shape(_line_type(bare, extras), limit=_limit(extras))
    return Shape("json")


def _line_type(bare: type, extras: tuple[Any, ...]) -> str:
    for alias, word in ((ItemKey, "key"), (GuideRef, "guide"), (PagePattern, "page"), (Link, "link")):
        if _is(bare, extras, alias):
            return word
    return "line"


def _is(bare: Any, extras: tuple[Any, ...], alias: Any) -> bool:
    """Whether an annotation is that alias, perhaps with more said of it."""
    known, said = _unwrapped(alias)
    return bare is known and bool(said) and all(each in extras for each in said)


def _limit(extras: tuple[Any, ...]) -> int | None:
    """The strictest length that is asked for."""
    found = [_length(extra) for extra in extras]
    known = [length for length in found if length is not None]
    return min(known) if known else None


def _length(extra: object) -> int | None:
    if isinstance(extra, StringConstraints | MaxLen):
        return extra.max_length
    if isinstance(extra, FieldInfo):
        return _limit(tuple(extra.metadata))
    return None


def _plain(value: Any) -> Any:
    return TypeAdapter[Any](Any).dump_python(value, mode="json")


def _spaced(name: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name.replace("_", " ")).strip()
    return words[:1].upper() + words[1:]
