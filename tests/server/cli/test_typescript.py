"""The types of the embed say what the kinds say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from guides.kind import Body
from server.cli.typescript import bodies, declarations, is_stale, write


class Cat(Body):
    """A cat."""

    sort: Literal["cat"] = "cat"
    lives: int = 9


class Dog(Body):
    """A dog."""

    sort: Literal["dog"] = "dog"
    names: list[str | None] = []


class Zoo(Body):
    """All of them."""

    animals: list[Annotated[Cat | Dog, Field(discriminator="sort")]]
    size: Literal["small", "large"] | None = None
    open: bool = True
    ratio: float = 1
    facts: dict[str, int] = {}
    rest: Any = None
    pair: tuple[int, str] = (1, "a")


def test_a_body_becomes_types_that_narrow_by_their_tag() -> None:
    assert declarations([Zoo]).split("\n\n", 1)[1] == (
        '/** A cat. */\nexport interface Cat {\n  sort: "cat";\n  lives: number;\n}\n\n'
        '/** A dog. */\nexport interface Dog {\n  sort: "dog";\n  names: (string | null)[];\n}\n\n'
        "/** All of them. */\nexport interface Zoo {\n  animals: (Cat | Dog)[];\n"
        '  size: "small" | "large" | null;\n  open: boolean;\n  ratio: number;\n'
        "  facts: Record<string, number>;\n  rest: unknown;\n  pair: [number, string];\n}\n"
    )


def test_the_committed_types_are_up_to_date() -> None:
    assert not is_stale()
    assert "export type Action = Next | Back | Finish | Close | Open | Start;" in bodies()


def test_writing_changes_a_file_only_when_it_must(tmp_path: Path) -> None:
    file = tmp_path / "bodies.d.ts"
    assert (is_stale(file), write(file), write(file), is_stale(file)) == (True, True, False, False)
