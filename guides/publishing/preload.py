"""Lists the embed chunks a body needs, so that the browser fetches them in parallel with the renderer (embed/build/chunks.json)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from guides.fields import Open, RichText, Target
from guides.kind import Body, Kind
from guides.richtext.nodes import Break, Paragraph, TextNode

RICHTEXT, DEEP_FIND, PICKED, ITEMS, GOALS = "richtext", "deep-find", "picked", "items", "goals"
_PLAIN_NODES = (RichText, Paragraph, TextNode, Break)


def preload_chunks(kind: Kind, body: Body) -> list[str]:
    """Returns the names of the chunks: what the kind says, and what the types of the fields show. One too few costs a round trip."""
    chunks = {feature.value for feature in kind.features(body)}
    if any(item.conditions for item in kind.items(body)):
        chunks.add(ITEMS)
    if kind.goals(body):
        chunks.add(GOALS)
    for part in _parts(body):
        chunks |= _chunks_of(part)
    return sorted(chunks)


def _chunks_of(part: BaseModel) -> set[str]:
    if isinstance(part, Target):
        return {"picked": {DEEP_FIND, PICKED}, "text": {DEEP_FIND}}.get(part.by, set())
    if isinstance(part, Open):  # the browser opens addresses with the code that draws links
        return {RICHTEXT}
    return {RICHTEXT} if isinstance(part, RichText) and _has_formatting(part) else set()


def _has_formatting(document: RichText) -> bool:
    """Whether a document has anything but plain paragraphs, also words about the person: the core kit draws those only."""
    return any(not isinstance(node, _PLAIN_NODES) for node in _parts(document))


def _parts(value: object) -> Iterator[BaseModel]:
    """Yields every model in a value, itself first."""
    if isinstance(value, BaseModel):
        yield value
        for _, field in value:
            yield from _parts(field)
    elif isinstance(value, list):
        for element in value:
            yield from _parts(element)
    elif isinstance(value, dict):  # a rule: its elements are targets
        for tag, operand in value.items():
            yield from _parts(Target.model_validate(operand) if tag == "element" else operand)
