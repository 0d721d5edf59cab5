"""Several steps, one after the other, each a modal, a popover on an element or a slide-out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from guides.fields import Action, Back, Finish, Key, Line, Next, Open, Page, Start, Target, Text, ask, empty_text, is_blank, item_key
from guides.kind import Body, Count, Event, Funnel, Kind, Lane, Metric, Problem, Progress

_WHERE = "Where it shows"


class Button(Body):
    """One button of a step."""

    key: Key = Field(default_factory=item_key)
    label: Annotated[Line, Field(max_length=60)] = ask("Label", count=20, default="Next")
    look: Literal["main", "plain"] = ask("Looks", choices={"main": "Main", "plain": "Quiet"}, default="main")
    action: Action = ask("When clicked", default_factory=Next)


class Step(Body):
    """One step: what it says, where it stands, how it goes on."""

    key: Key = Field(default_factory=item_key)
    layout: Literal["modal", "popover", "slideout"] = ask(
        "Shape",
        "A window in the middle, a bubble on an element, or a card in a corner.",
        choices={"modal": "Modal", "popover": "Popover", "slideout": "Slide-out"},
        icons={"modal": "modal", "popover": "tooltip", "slideout": "slideout"},
        default="modal",
    )
    title: Line = ask("Title", count=50, default="")
    text: Text = ask("Text", count=200, default_factory=empty_text)
    target: Target | None = ask("Element", "The element of your page that this step points at.", section=_WHERE, default=None)
    side: Literal["auto", "top", "bottom", "start", "end"] = ask(
        "Side of the element",
        choices={"auto": "Auto", "top": "Above", "bottom": "Below", "start": "Before", "end": "After"},
        section=_WHERE,
        when={"layout": ["popover"]},
        default="auto",
    )
    corner: Literal["bottom-end", "bottom-start", "top-end", "top-start"] = ask(
        "Corner",
        choices={"bottom-end": "Bottom end", "bottom-start": "Bottom start", "top-end": "Top end", "top-start": "Top start"},
        section=_WHERE,
        when={"layout": ["slideout"]},
        default="bottom-end",
    )
    buttons: Annotated[list[Button], Field(max_length=4)] = ask("Buttons", default_factory=lambda: [Button()])
    advance: Literal["button", "target", "page"] = ask(
        "Goes on when",
        choices={"button": "They click a button", "target": "They click the element", "page": "The page changes"},
        default="button",
    )
    advance_page: Page = ask(
        "To the page", "An address such as /contacts/*. Empty means any other page.", when={"advance": ["page"]}, default=""
    )
    page: Page = ask(
        "Only on pages where the address is", "Such as /deals or /deals/*. Empty means every page.", section=_WHERE, default=""
    )
    dim: bool = ask("Dim the rest of the page", section=_WHERE, when={"layout": ["modal", "popover"]}, default=True)
    missing: Literal["wait", "skip", "end"] = ask(
        "If the element is missing",
        choices={"wait": "Keep waiting for it", "skip": "Skip the step after 5 seconds", "end": "End the tour after 5 seconds"},
        section=_WHERE,
        default="wait",
    )


class TourBody(Body):
    """The steps in order."""

    steps: Annotated[list[Step], Field(min_length=1, max_length=200)] = ask("Steps")
    progress: Literal["dots", "count", "none"] = ask(
        "Show how far along", choices={"dots": "Dots", "count": "Step 2 of 5", "none": "Nothing"}, default="dots"
    )


class Tour(Kind):
    """Leads people through a task, step by step."""

    slug, label, plural = "tour", "Tour", "Tours"
    purpose = "Lead people through a task, step by step, on your own pages."
    lane = Lane.FOCUS
    events = frozenset({"step_shown", "step_done", "clicked", "target_missing"})
    Body = TourBody

    def starter(self) -> TourBody:
        """One welcome window with a way to finish."""
        return TourBody(steps=[Step(title="Welcome", buttons=[Button(label="Got it", action=Finish())])])

    def check(self, body: TourBody) -> Iterator[Problem]:
        """Every step says something, stands somewhere and leads on."""
        keys = [step.key for step in body.steps]
        for number, step in enumerate(body.steps):
            at = ("steps", number)
            if keys.index(step.key) != number:
                yield Problem((*at, "key"), "two steps have the same key; copy the step again")
            yield from (Problem((*at, *found.path), found.message, found.warning) for found in _step_problems(step))

    def advance(self, progress: Progress, event: Event, body: TourBody) -> None:
        """Remember the step on screen and those already done, as far as there are such steps."""
        if event.item is None or all(step.key != event.item for step in body.steps):
            return
        if event.name == "step_shown":
            progress.item = event.item
        elif event.name == "step_done":
            progress.mark(event.item)

    def metrics(self, body: TourBody) -> Sequence[Metric]:
        """The steps as a funnel, and how often an element was not found."""
        steps = [(step.key, step.title or f"Step {number}") for number, step in enumerate(body.steps, 1)]
        return (Funnel("Step by step", "step_shown", steps), Count("Element not found", "target_missing"))


def _step_problems(step: Step) -> Iterable[Problem]:
    if not step.title and is_blank(step.text):
        yield Problem(("title",), "the step says nothing; give it a title or a text")
    if step.layout == "popover" and not (step.target and step.target.value):
        yield Problem(("target",), "a popover needs an element to point at")
    if step.advance == "target" and not (step.target and step.target.value):
        yield Problem(("target",), "it goes on when the element is clicked, so it needs an element")
    if step.advance == "button" and not any(not isinstance(button.action, Back) for button in step.buttons):
        yield Problem(("buttons",), "there is no way forward; add a button that goes on")
    for number, button in enumerate(step.buttons):
        if not button.label:
            yield Problem(("buttons", number, "label"), "the button has no label")
        if isinstance(button.action, Open) and not button.action.url:
            yield Problem(("buttons", number, "action", "url"), "say which address to open")
        if isinstance(button.action, Start) and not button.action.guide:
            yield Problem(("buttons", number, "action", "guide"), "choose the guide to start")


kind = Tour()
