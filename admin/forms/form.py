"""A Body seen as a form: draw() its fields, read() what was posted back into a draft."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from admin.forms import plain_text as prose
from admin.forms.schema import Asked, Shape, asked_of, blank_body, blank_of, name_of
from guides.errors import Invalid
from guides.ids import item_key
from guides.kind import Body, Problem

MARK = "[]"
SET = "?"
MAX_DEPTH = 24
DEEPEST = 60
LARGEST = 2**53 - 1


@dataclass(slots=True)
class Field:
    """One thing to fill in; `name` is its path in the draft (steps.0.title), `fields` what lies inside it.

    `told` is whether the draft says of it what a new part does not say.
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
    told: bool = False
    section: str = ""
    when: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    shown: bool = True
    limit: int | None = None
    count: int | None = None
    after: str = ""
    fields: list[Field] = field(default_factory=list)
    part: str = ""
    keyed: bool = False

    @property
    def id(self) -> str:
        """Its id in the page."""
        return "f-" + self.name.replace(".", "-")

    @property
    def key(self) -> str:
        """The key of an item, empty for anything else."""
        return next((str(inner.value) for inner in self.fields if inner.widget == "key"), "")

    @property
    def text(self) -> str:
        """Rich text as plain paragraphs, for browsers without a script."""
        return prose.plain(self.value)

    @property
    def json(self) -> str:
        """The value as JSON, for hidden fields."""
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))

    @property
    def is_open(self) -> bool:
        """Whether it must not be folded away: something was said in it, or is wrong with it."""
        return self.told or any(inner.problems for inner in self.walk())

    def named(self, name: str) -> Field | None:
        """The field inside with that name."""
        return next((inner for inner in self.fields if inner.name == name), None)

    def walk(self) -> Iterator[Field]:
        """This field and all inside it."""
        yield self
        for inner in self.fields:
            yield from inner.walk()


def draw(body: type[Body], draft: Any, problems: Sequence[Problem] = ()) -> Field:
    """The whole draft as a form, whatever state it is in, each problem beside the field it is about."""
    drawn = _group(body, draft, "", "")
    _place(drawn, problems)
    return drawn


def read(body: type[Body], posted: Iterable[tuple[str, str]], into: Any = None) -> dict[str, Any]:
    """What was posted, as a draft: types restored where the text allows it, else stored as typed.

    What was not posted is kept from `into`; items are found again by their key, wherever they are now.
    Raises Invalid for what no database can keep.
    """
    tree = _Posted()
    for name, value in posted:
        tree.add(name.split("."), value)
    draft = _read_group(body, tree, into if isinstance(into, Mapping) else {})
    check_storable(draft)
    return draft


def blank(body: type[Body], path: str) -> Any:
    """A new part for the list at that path, with its own key."""
    asked = find_shape(body, path.split("."))
    return _new(asked.item) if asked and asked.item else None


def find_shape(body: type[Body], steps: Sequence[str]) -> Shape | None:
    """The shape at a path such as steps.0.buttons; of an either-or part the first variant that has the name."""
    shape: Shape | None = Shape("group", body=body)
    for step in steps:
        shape = _inner_shape(shape, step) if shape else None
    return shape


def parts_of(body: type[Body]) -> Asked | None:
    """The first list of parts with keys: what an author sees as the steps, tasks or questions."""
    return next((asked for asked in asked_of(body) if asked.shape.is_keyed), None)


def check_storable(value: Any) -> None:
    """Raise Invalid for what no database can keep: NUL, half a letter, numbers beyond JSON, endless nesting."""
    todo = [(value, 0)]
    while todo:
        part, depth = todo.pop()
        inside = [*part, *part.values()] if isinstance(part, dict) else part if isinstance(part, list) else []
        todo.extend((inner, depth + 1) for inner in inside)
        if depth > DEEPEST or (isinstance(part, int) and abs(part) > LARGEST) or (isinstance(part, str) and not _is_storable(part)):
            raise Invalid("Something here cannot be stored. Undo the last change and write it again.")


def _is_storable(text: str) -> bool:
    return (text.isascii() and "\x00" not in text) or not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text)


# Drawing


def _group(body: type[Body], value: Any, name: str, label: str) -> Field:
    given = value if isinstance(value, Mapping) else {}
    drawn = Field("group", name, label, part=name_of(body))
    for asked in asked_of(body):
        held = given[asked.name] if asked.name in given else asked.blank()
        drawn.fields.append(_drawn(asked, held, f"{name}.{asked.name}" if name else asked.name))
        drawn.fields[-1].told = asked.name in given and held != asked.blank()
    for inner in drawn.fields:
        inner.shown = _is_shown(inner, drawn)
    return drawn


def _drawn(asked: Asked, value: Any, name: str) -> Field:
    drawn = _of_shape(asked.shape, value, name, asked.label)
    form = asked.form
    if _is_folded(asked) and not drawn.fields and asked.shape.body:
        drawn.fields = _group(asked.shape.body, {}, name, asked.label).fields
    drawn.hint, drawn.advanced = str(form.get("hint") or ""), bool(form.get("advanced"))
    drawn.section, drawn.after = str(form.get("section") or ""), str(form.get("unit") or "")
    drawn.count = form.get("recommended_length")
    drawn.when = _conditions(form.get("visible_when"), name)
    _label_choices(drawn, form.get("choices") or {}, form.get("icons") or {})
    return drawn


def _of_shape(shape: Shape, value: Any, name: str, label: str) -> Field:
    drawn = Field(shape.widget, name, label, value, optional=shape.optional, limit=shape.limit, keyed=shape.is_keyed)
    drawn.choices = [(str(word), str(word).replace("_", " "), "") for word in shape.values]
    if shape.widget == "list" and shape.item:
        drawn.part = name_of(shape.item.body) if shape.item.body else label
        items = value if isinstance(value, list) else []
        drawn.fields = [_of_shape(shape.item, item, f"{name}.{number}", drawn.part) for number, item in enumerate(items)]
    elif shape.body and not (shape.optional and value is None):
        drawn.fields = _group(shape.body, value, name, label).fields
        drawn.part = name_of(shape.body)
    elif shape.variants:
        _draw_variant(drawn, shape, value)
    return drawn


def _draw_variant(drawn: Field, shape: Shape, value: Any) -> None:
    given = value if isinstance(value, Mapping) else {}
    held = given.get(shape.tag)
    word = held if isinstance(held, str) and held in shape.variants else next(iter(shape.variants))
    drawn.choices = [(each, name_of(body), "") for each, body in shape.variants.items()]
    drawn.part, drawn.value = f"{drawn.name}.{shape.tag}", None if shape.optional and value is None else word
    if drawn.value is not None:
        drawn.fields = [inner for inner in _group(shape.variants[word], given, drawn.name, "").fields if inner.name != drawn.part]


def _conditions(when: Any, name: str) -> list[tuple[str, frozenset[str]]]:
    asked = when if isinstance(when, Mapping) else {}
    return [(f"{name.rpartition('.')[0]}.{sibling}".lstrip("."), frozenset(words)) for sibling, words in asked.items()]


def _is_shown(drawn: Field, group: Field) -> bool:
    said = {inner.name: "true" if inner.value is True else str(inner.value) for inner in group.fields}
    return all(said.get(sibling) in (None, *words) for sibling, words in drawn.when)


def _label_choices(drawn: Field, labels: Mapping[str, str], icons: Mapping[str, str]) -> None:
    if drawn.widget == "choice":
        drawn.choices = [(word, labels.get(word, label), icons.get(word, "")) for word, label, _ in drawn.choices]


def _place(drawn: Field, problems: Sequence[Problem]) -> None:
    """Each problem goes to the deepest field on its path that a person can see."""
    seen = {inner.name: inner for inner in drawn.walk() if inner.widget != "key"}
    for problem in problems:
        steps = [str(step) for step in problem.path]
        while steps and ".".join(steps) not in seen:
            steps.pop()
        seen[".".join(steps)].problems.append(problem)


# Reading


class _Posted:
    """Names and values as a tree, in the order they were posted."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.inside: dict[str, _Posted] = {}

    def add(self, steps: Sequence[str], value: str) -> None:
        """Put a value at the end of a path; paths deeper than any Body are left out."""
        if not steps or len(steps) > MAX_DEPTH:
            return
        node = self
        for step in steps:
            node = node.inside.setdefault(step, _Posted())
        node.values.append(value)

    @property
    def last(self) -> str:
        """The value that counts: a ticked box comes after its hidden "false"."""
        return self.values[-1].replace("\r\n", "\n") if self.values else ""


def _read_group(body: type[Body], posted: _Posted, old: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(old)
    for asked in asked_of(body):
        inner = posted.inside.get(asked.name)
        if inner is not None:
            found = _read(asked.shape, inner, old.get(asked.name))
            kept[asked.name] = None if _is_folded(asked) and found == _blank_of(asked) else found
        if asked.name in kept and asked.leaves_out(kept[asked.name]):
            del kept[asked.name]
    return kept


def _is_folded(asked: Asked) -> bool:
    """An optional part that is drawn though it is left out: it is left out still when nothing was said in it."""
    return bool(asked.form.get("advanced") and asked.shape.optional and asked.shape.body)


def _blank_of(asked: Asked) -> Any:
    return blank_body(asked.shape.body) if asked.shape.body else None


def _read(shape: Shape, posted: _Posted, old: Any) -> Any:
    if shape.widget == "list" and shape.item:
        return _read_list(shape.item, posted, old if isinstance(old, list) else [])
    if SET in posted.inside and posted.inside[SET].last == "":
        return None
    if shape.body:
        return _read_group(shape.body, posted, old if isinstance(old, Mapping) else {})
    if shape.variants:
        return _read_variant(shape, posted, old)
    if shape.widget == "text":
        return _read_text(posted, old)
    return _read_value(shape, posted.last)


def _read_variant(shape: Shape, posted: _Posted, old: Any) -> Any:
    tag = posted.inside.get(shape.tag)
    word = tag.last if tag else ""
    if word == "" and shape.optional:
        return None
    if word not in shape.variants:
        return old
    was = old if isinstance(old, Mapping) and old.get(shape.tag) == word else {}
    return {**blank_body(shape.variants[word]), **_read_group(shape.variants[word], posted, was)}


def _read_list(item: Shape, posted: _Posted, old: list[Any]) -> list[Any]:
    """All items when the list's mark was posted, else only those that were, put where their key is."""
    whole = MARK in posted.inside
    kept: list[Any] = [] if whole else list(old)
    for number, inner in posted.inside.items():
        if number == MARK:
            continue
        at = _place_of(inner, number, old)
        fresh = _with_key(item, _read(item, inner, old[at] if at is not None else None))
        if whole or at is None:
            kept.append(fresh)
        else:
            kept[at] = fresh
    return kept


def _place_of(posted: _Posted, number: str, old: list[Any]) -> int | None:
    key = posted.inside["key"].last if "key" in posted.inside else ""
    if key:
        return next((at for at, each in enumerate(old) if isinstance(each, Mapping) and each.get("key") == key), None)
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(old) else None


def _with_key(item: Shape, value: Any) -> Any:
    if item.body and "key" in item.body.model_fields and isinstance(value, dict) and not value.get("key"):
        return {**value, "key": item_key()}
    return value


def _read_text(posted: _Posted, old: Any) -> Any:
    """The tree the editor wrote, unless a browser without a script changed the plain text."""
    tree = _parsed(posted.inside["tree"].last) if "tree" in posted.inside else old
    if not posted.values or posted.last == prose.plain(tree):
        return tree
    return prose.paragraphs(posted.last)


def _read_value(shape: Shape, text: str) -> Any:
    if shape.widget == "switch":
        return text == "true"
    if text == "" and shape.optional:
        return None
    if shape.widget in ("integer", "number"):
        return _number(text, whole=shape.widget == "integer")
    if shape.widget == "choice":
        return next((value for value in shape.values if str(value) == text), text)
    return _parsed(text) if shape.widget == "json" else text


def _number(text: str, whole: bool) -> Any:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return text
    return number if abs(number) <= LARGEST else text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return text


def _refused(word: str) -> Any:
    raise ValueError(word)


def _inner_shape(shape: Shape, step: str) -> Shape | None:
    if shape.widget == "list":
        return shape.item
    for body in (shape.body, *shape.variants.values()):
        found = next((asked.shape for asked in asked_of(body) if asked.name == step), None) if body else None
        if found:
            return found
    return None


def _new(item: Shape) -> Any:
    return _with_key(item, blank_of(item))
