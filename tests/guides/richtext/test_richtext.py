"""Rich text: one set of documents is drawn the same by the server and by the browser (tests/embed/richtext.test.ts)."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from guides.richtext.html import to_html
from guides.richtext.links import check_image, check_link, is_image, is_link
from guides.richtext.nodes import RichText, empty_rich_text, image_hosts, is_blank
from guides.richtext.plain import to_plain_text

CASES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parents[2] / "shared_cases" / "texts.json").read_text("utf-8"))
TAKEN = [case for case in CASES["documents"] if not case["refused"]]
REFUSED = [case for case in CASES["documents"] if case["refused"]]
VOID = {"br", "hr", "img"}


class Outline(HTMLParser):
    """What a browser would make of some HTML: nested lists of tag, attributes and what is inside."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[list[Any]] = [["", {}]]
        self.feed(html)
        self.close()
        assert len(self.open) == 1, "something was left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node: list[Any] = [tag, dict(attrs)]
        self.open[-1].append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        inner = self.open[-1]
        if isinstance(inner[-1], str) and len(inner) > 2:
            inner[-1] += data
        else:
            inner.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")

    def handle_pi(self, data: str) -> None:
        raise AssertionError("an instruction")


def outline(html: str) -> list[Any]:
    return Outline(html).open[0][2:]


def document(*content: dict[str, Any]) -> RichText:
    return RichText.model_validate({"type": "doc", "content": list(content)})


def paragraph(*content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def words(text: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": text, "marks": list(marks)}


@pytest.mark.parametrize("case", TAKEN, ids=[case["name"] for case in TAKEN])
def test_a_document_is_drawn_as_the_table_says(case: dict[str, Any]) -> None:
    doc = RichText.model_validate(case["doc"])
    assert outline(to_html(doc, case["person"])) == case["outline"]
    assert RichText.model_validate(doc.model_dump(mode="json")) == doc


@pytest.mark.parametrize("case", REFUSED, ids=[case["name"] for case in REFUSED])
def test_a_hostile_document_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RichText.model_validate(case["doc"])


def test_the_table_is_large_and_its_names_are_told_apart() -> None:
    names = [case["name"] for case in CASES["documents"]]
    assert len(names) == len(set(names)) >= 20
    assert len(REFUSED) >= 10


@pytest.mark.parametrize("case", CASES["addresses"], ids=lambda case: ascii(case["address"]))
def test_an_address_is_a_link_or_an_image_or_refused(case: dict[str, Any]) -> None:
    assert (is_link(case["address"]), is_image(case["address"])) == (case["link"], case["image"])


def test_a_link_is_kept_as_it_was_typed_or_refused_never_mended() -> None:
    assert check_link("HTTPS://A.example") == "HTTPS://A.example"
    assert check_image("") == check_link("") == ""
    for address in (" https://a.example", "a.example", "javascript:x"):
        with pytest.raises(ValueError):
            check_link(address)
    with pytest.raises(ValueError):
        check_image("http://a.example/a.png")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"type": "paragraph", "onclick": "x"}, "onclick"),
    ({"type": "paragraph", "content": [{"type": "text", "text": "a\x00"}]}, "text"),
    ({"type": "paragraph", "content": [{"type": "text", "text": "\ud800"}]}, "text"),
    ({"type": "paragraph", "content": [words("x", {"type": "link", "href": ""})]}, "href"),
    ({"type": "paragraph", "content": [words("x", {"type": "link", "href": "https://a.example/" + "a" * 2000})]}, "href"),
    ({"type": "paragraph", "content": [words("x", {"type": "bold", "class": "y"})]}, "class"),
    ({"type": "paragraph", "content": [words("x", {"type": "bold"}, {"type": "bold"})]}, "marks"),
    ({"type": "paragraph", "content": [{"type": "person", "attribute": ""}]}, "attribute"),
    ({"type": "image", "src": "", "alt": ""}, "src"),
    ({"type": "image", "src": "https://a.example/a.png", "alt": "", "width": 0}, "width"),
    ({"type": "image", "src": "https://a.example/a.png", "alt": "", "height": 2001}, "height"),
    ({"type": "code", "text": "x", "language": 'js" onload="x'}, "language"),
    ({"type": "heading", "level": 5}, "level"),
    ({"type": "list", "start": -1}, "start"),
    ({"type": "callout", "tone": "loud"}, "tone"),
    ({"type": "video", "provider": "vimeo", "id": "dQw4w9WgXcQ"}, "id"),
    ({"type": "video", "provider": "elsewhere", "id": "dQw4w9WgXcQ"}, "provider"),
    ({"type": "buttons", "content": [{"type": "button", "label": "x", "href": "javascript:x"}]}, "href"),
    ({"type": "columns", "content": [{"type": "column"}] * 5}, "content"),
]


@pytest.mark.parametrize(("block", "field"), BAD, ids=str)
def test_what_is_wrong_is_named_by_its_field(block: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        document(paragraph(), block)
    (problem,) = refused.value.errors()
    assert problem["loc"][:2] == ("content", 1) and problem["loc"][-1] == field


def nested(depth: int) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "divider"}
    for _ in range(depth):
        block = {"type": "quote", "content": [block]}
    return block


def deep_list(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "divider"}] * 2000,
        [paragraph(words("x" * 65_536))],
        [paragraph(*[words("x", {"type": "link", "href": "https://a.example/" + "a" * 1900})] * 40)],
        [paragraph(words("東" * 22_000))],
        [nested(16)],
        [nested(900)],
        [{"type": "paragraph", "content": deep_list(900)}],
        [{"type": "paragraph", "marks": nested(900)}],
    ],
    ids=["nodes", "letters", "addresses", "bytes", "depth", "great depth", "lists", "marks"],
)
def test_a_document_too_large_or_too_deep_is_refused(content: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        document(*content)


def test_a_document_at_the_limits_is_taken() -> None:
    assert len(document(*[{"type": "divider"}] * 1999).content) == 1999
    assert document(nested(15)).content
    assert document(paragraph(words("x" * 65_000)))


def test_the_empty_document_is_blank_and_draws_nothing() -> None:
    assert is_blank(empty_rich_text()) and to_html(empty_rich_text()) == to_plain_text(empty_rich_text()) == ""


@pytest.mark.parametrize(
    "block", [paragraph(), paragraph(words(" \n\u00a0")), {"type": "list", "content": [{"type": "item", "content": [paragraph()]}]}]
)
def test_a_document_without_words_is_blank(block: dict[str, Any]) -> None:
    assert is_blank(document(block))


@pytest.mark.parametrize(
    "block",
    [
        paragraph(words("x")),
        paragraph({"type": "person", "attribute": "name"}),
        {"type": "image", "src": "https://a.example/a.png", "alt": ""},
        {"type": "divider"},
        {"type": "video", "provider": "youtube", "id": "dQw4w9WgXcQ"},
        {"type": "buttons", "content": [{"type": "button", "label": "x", "href": "/x"}]},
        {"type": "table", "content": [{"type": "row", "content": [{"type": "cell", "content": [paragraph(words("x"))]}]}]},
        {"type": "code", "text": "x"},
        {"type": "quote", "content": [paragraph(words("x"))]},
    ],
)
def test_a_document_with_anything_to_see_is_not_blank(block: dict[str, Any]) -> None:
    assert not is_blank(document(block))


def test_a_document_as_plain_words_keeps_its_lines() -> None:
    item = {
        "type": "item",
        "content": [paragraph(words("One"), {"type": "break"}, words("more")), {"type": "list", "content": [{"type": "item"}]}],
    }
    doc = document(
        {"type": "heading", "level": 2, "content": [words("Hi "), {"type": "person", "attribute": "name", "fallback": "there"}]},
        {
            "type": "list",
            "ordered": True,
            "start": 9,
            "content": [item, {"type": "item", "content": [paragraph(words("Two", {"type": "bold"}))]}],
        },
        {"type": "callout", "tone": "tip", "content": [paragraph(words("<b>"))]},
        {"type": "code", "text": "a\n b"},
        {"type": "image", "src": "https://a.example/a.png", "alt": "A chart"},
        {"type": "image", "src": "https://a.example/b.png", "alt": ""},
        {"type": "divider"},
    )
    assert to_plain_text(doc).split("\n") == ["Hi there", "9. One", "   more", "   - ", "10. Two", "<b>", "a", " b", "A chart"]
    assert to_plain_text(doc, {"name": "Ann"}).startswith("Hi Ann\n")


def test_a_document_names_the_hosts_its_images_come_from() -> None:
    image = {"type": "image", "alt": ""}
    inside = {"type": "list", "content": [{"type": "item", "content": [{**image, "src": "https://b.example:8443/x"}]}]}
    doc = document(
        {**image, "src": "https://CDN.a.example:443/x"},
        inside,
        {**image, "src": "http://127.0.0.1:8000/x"},
        {**image, "src": "https://[::1]/x"},
    )
    assert image_hosts(doc) == {"cdn.a.example", "b.example:8443", "127.0.0.1:8000", "[::1]"}


def test_an_address_that_slipped_past_the_checks_is_still_not_drawn() -> None:
    doc = document(paragraph(words("x", {"type": "link", "href": "/x"})), {"type": "image", "src": "https://a.example/x", "alt": ""})
    doc.content[0].content[0].marks[0].href = "javascript:x"  # type: ignore[union-attr]
    doc.content[1].src = "http://canary.example/x"  # type: ignore[union-attr]
    assert to_html(doc) == "<p>x</p>"


# Properties

texts = st.text(max_size=12) | st.sampled_from(['"><img src=x onerror=__x(1)>', "</p><script>", "&lt;", "{{name}}", "'"])
storable = texts.map(lambda text: text.replace("\x00", ""))
marks = st.lists(
    st.sampled_from(["bold", "italic", "code", "key", "link"]),
    unique=True,
    max_size=3,
).map(lambda types: [{"type": kind, "href": 'https://a.example/?"<>&'} if kind == "link" else {"type": kind} for kind in types])
inlines = st.lists(
    st.one_of(
        st.fixed_dictionaries({"type": st.just("text"), "text": storable, "marks": marks}),
        st.fixed_dictionaries({"type": st.just("person"), "attribute": st.sampled_from(["name", "age"]), "fallback": storable}),
        st.just({"type": "break"}),
    ),
    max_size=4,
)
leaves = st.one_of(
    st.fixed_dictionaries({"type": st.just("paragraph"), "content": inlines}),
    st.fixed_dictionaries({"type": st.just("heading"), "level": st.sampled_from([2, 3, 4]), "content": inlines}),
    st.fixed_dictionaries({"type": st.just("code"), "text": storable}),
    st.fixed_dictionaries({"type": st.just("image"), "src": st.just("https://a.example/?\"'<>&"), "alt": storable}),
    st.just({"type": "divider"}),
)
blocks = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("quote"), "content": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"type": st.just("callout"), "tone": st.just("tip"), "content": st.lists(inner, max_size=3)}),
        st.lists(inner, max_size=3).map(lambda content: {"type": "list", "content": [{"type": "item", "content": content}]}),
    ),
    max_leaves=6,
)
people = st.fixed_dictionaries({"name": storable | st.none() | st.booleans(), "age": st.integers() | st.floats()})
ATTRIBUTES = {
    "img": {"loading", "referrerpolicy", "alt", "src"},
    "a": {"href", "target", "rel"},
    "div": {"class", "role"},
}


def elements(nodes: list[Any]) -> list[list[Any]]:
    found = [node for node in nodes if isinstance(node, list)]
    return [*found, *(each for node in found for each in elements(node[2:]))]


def text_of(nodes: list[Any]) -> str:
    return "".join(node if isinstance(node, str) else text_of(node[2:]) for node in nodes)


def spoken(block: dict[str, Any], person: dict[str, Any]) -> str:
    """The words of a raw block, found without any of the code that draws it."""
    if block["type"] == "person":
        return to_plain_text(document(paragraph(block)), person)
    return str(block["text"] if "text" in block else "".join(spoken(inner, person) for inner in block.get("content", ())))


@given(st.lists(blocks, max_size=3), people)
def test_no_text_ever_becomes_markup(content: list[dict[str, Any]], person: dict[str, Any]) -> None:
    drawn = outline(to_html(document(*content), person))
    for tag, attributes, *_ in elements(drawn):
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        assert attributes.get("href", 'https://a.example/?"<>&') == 'https://a.example/?"<>&'
    said = "".join(spoken(block, person) for block in content)
    assert text_of(drawn).replace("\r", "\n") == said.replace("\r", "\n")


@given(storable)
def test_a_value_is_one_text_whatever_it_holds(value: str) -> None:
    doc = document(paragraph({"type": "person", "attribute": "name", "fallback": "-"}))
    assert outline(to_html(doc, {"name": value})) == [["p", {}, value or "-"]]


@given(st.text(max_size=30) | st.text("htps:/\\.@#?x1-[]% \t", max_size=20).map(lambda rest: "https://" + rest))
def test_any_text_is_an_address_or_not_and_never_an_error(address: str) -> None:
    if is_image(address):
        assert is_link(address)
