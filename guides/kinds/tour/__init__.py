"""Several steps, one after the other, each a modal, a popover on an element or a slide-out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from guides.fields import (
    Action,
    Back,
    Close,
    Finish,
    ItemKey,
    Next,
    Open,
    PagePattern,
    Phrase,
    RichText,
    Rule,
    Start,
    Target,
    empty_rich_text,
    form_field,
    is_blank,
    item_key,
)
from guides.kind import Body, Capability, Count, Effect, Feature, Funnel, Item, Kind, Lane, Listing, Metric, Problem, TargetFoundRate

_WHERE = "Where it shows"


def _omit_default(default: object) -> Callable[[Any], bool]:
    """Leaves a field out of the stored body while it has its default, so that a plain step stays small."""
    return lambda value: value == default


class Button(Body):
    """One button of a step."""

    key: ItemKey = Field(default_factory=item_key)
    label: Annotated[Phrase, Field(max_length=60)] = form_field("Label", recommended_length=20, default="Next")
    look: Literal["main", "plain"] = form_field("Looks", choices={"main": "Main", "plain": "Plain"}, default="main")
    action: Action = form_field("When clicked", default_factory=Next)


class Step(Body):
    """One step: what it says, where it stands, how it goes on."""

    key: ItemKey = Field(default_factory=item_key)
    layout: Literal["modal", "popover", "slideout"] = form_field(
        "Shape",
        "A window in the middle, a bubble on an element, or a card in a corner.",
        choices={"modal": "Modal", "popover": "Popover", "slideout": "Slide-out"},
        icons={"modal": "modal", "popover": "tooltip", "slideout": "slideout"},
        default="modal",
    )
    title: Phrase = form_field("Title", recommended_length=50, default="")
    text: RichText = form_field("Text", recommended_length=200, default_factory=empty_rich_text)
    target: Target | None = form_field("Element", "The element of your page that this step points at.", section=_WHERE, default=None)
    side: Literal["auto", "top", "bottom", "start", "end"] = form_field(
        "Side of the element",
        choices={"auto": "Auto", "top": "Above", "bottom": "Below", "start": "Before", "end": "After"},
        section=_WHERE,
        visible_when={"layout": ["popover"]},
        default="auto",
    )
    align: Literal["auto", "start", "center", "end"] = form_field(
        "Lines up with the element's",
        "Which edges meet. Auto puts the arrow near the words.",
        choices={"auto": "Auto", "start": "Start edge", "center": "Middle", "end": "End edge"},
        visible_when={"layout": ["popover"]},
        default="auto",
        advanced=True,
        exclude_if=_omit_default("auto"),
    )
    corner: Literal["bottom-end", "bottom-start", "top-end", "top-start"] = form_field(
        "Corner",
        choices={"bottom-end": "Bottom end", "bottom-start": "Bottom start", "top-end": "Top end", "top-start": "Top start"},
        section=_WHERE,
        visible_when={"layout": ["slideout"]},
        default="bottom-end",
    )
    buttons: Annotated[list[Button], Field(max_length=4)] = form_field("Buttons", default_factory=lambda: [Button()])
    advance: Literal["button", "target", "page", "time"] = form_field(
        "Goes on when",
        choices={
            "button": "They click a button",
            "target": "They click the element",
            "page": "The page changes",
            "time": "Some time has passed",
        },
        default="button",
    )
    seconds: Annotated[int, Field(ge=3, le=60)] = form_field(
        "After",
        "3 to 60. The time stands still while people point at the step or use it.",
        unit="seconds",
        visible_when={"advance": ["time"]},
        default=8,
        exclude_if=_omit_default(8),
    )
    advance_page: PagePattern = form_field(
        "To the page", "An address such as /contacts/*. Empty means any other page.", visible_when={"advance": ["page"]}, default=""
    )
    page: PagePattern = form_field(
        "Only on pages where the address is", "Such as /deals or /deals/*. Empty means every page.", section=_WHERE, default=""
    )
    backdrop: bool = form_field("Dim the rest of the page", section=_WHERE, visible_when={"layout": ["modal", "popover"]}, default=True)
    backdrop_clicks: Literal["through", "block"] = form_field(
        "Clicks around the element",
        "A modal always blocks the page.",
        choices={"through": "Reach the page", "block": "Are blocked"},
        visible_when={"backdrop": ["true"], "layout": ["popover"]},
        default="through",
        advanced=True,
        exclude_if=_omit_default("through"),
    )
    on_backdrop_click: Literal["nothing", "close", "next"] = form_field(
        "A click outside",
        choices={"nothing": "Does nothing", "close": "Closes it", "next": "Goes on"},
        visible_when={"backdrop": ["true"], "layout": ["modal", "popover"]},
        default="nothing",
        advanced=True,
        exclude_if=_omit_default("nothing"),
    )
    extra_targets: Annotated[list[Target], Field(max_length=4)] = form_field(
        "Also light up",
        "Up to four more elements.",
        visible_when={"layout": ["popover"]},
        default_factory=list,
        advanced=True,
        exclude_if=_omit_default([]),
    )
    conditions: Rule | None = form_field(
        "Condition",
        "Where it does not hold, the step is passed over and not counted.",
        advanced=True,
        default=None,
        exclude_if=_omit_default(None),
    )
    closable: bool = form_field(
        "People can close it",
        "When off, there is no close button and Escape does nothing. Give it a button that leads on.",
        default=True,
        advanced=True,
        exclude_if=_omit_default(True),
    )
    if_target_missing: Literal["wait", "skip", "end"] = form_field(
        "If the element is missing",
        choices={"wait": "Keep waiting for it", "skip": "Skip the step after 5 seconds", "end": "End the tour after 5 seconds"},
        section=_WHERE,
        default="wait",
    )


class TourBody(Body):
    """The steps in order."""

    steps: Annotated[list[Step], Field(min_length=1, max_length=200)] = form_field("Steps")
    progress: Literal["dots", "count", "none"] = form_field(
        "Show how far along", choices={"dots": "Dots", "count": "Step 2 of 5", "none": "Nothing"}, default="dots"
    )
    ask_before_close: bool = form_field(
        "Ask before it closes",
        "People who close it are asked whether they want to leave the tour.",
        default=False,
        exclude_if=_omit_default(False),
    )
    on_page_left: Literal["wait", "end"] = form_field(
        "When they leave the page of a step",
        choices={"wait": "It waits for them", "end": "It ends"},
        default="wait",
        exclude_if=_omit_default("wait"),
    )


class Tour(Kind):
    """Leads people through a task, step by step."""

    slug, label, plural = "tour", "Tour", "Tours"
    purpose = "Lead people through a task, step by step, on your own pages."
    default_lane = Lane.FOCUS
    events = {"step_shown": Effect.REACHED, "step_done": Effect.DONE, "clicked": Effect.NOTED, "target_missing": Effect.NOTED}
    capabilities = frozenset({Capability.LISTED})
    Body = TourBody

    def starter(self) -> TourBody:
        """One welcome window with a way to finish."""
        return TourBody(steps=[Step(title="Welcome", buttons=[Button(label="Got it", action=Finish())])])

    def check(self, body: TourBody) -> Iterator[Problem]:
        """Every step says something, stands somewhere and leads on."""
        keys = [step.key for step in body.steps]
        for number, step in enumerate(body.steps):
            path = ("steps", number)
            if keys.index(step.key) != number:
                yield Problem((*path, "key"), "two steps have the same key; copy the step again")
            yield from (Problem((*path, *problem.path), problem.message, problem.warning) for problem in _step_problems(step))

    def items(self, body: TourBody) -> Sequence[Item]:
        """Returns the steps by title."""
        return [Item(step.key, step.title or f"Step {number}", step.conditions) for number, step in enumerate(body.steps, 1)]

    def listing(self, body: TourBody) -> Listing | None:
        """Returns the title of the first step that has one."""
        title = next((step.title for step in body.steps if step.title), "")
        return Listing(title) if title else None

    def features(self, body: TourBody) -> frozenset[Feature]:
        """Returns what the steps need: windows and cards are laid out by a chunk of their own, and so is what few steps do."""
        layouts = any(step.layout != "popover" for step in body.steps)
        behaviors = body.ask_before_close or any(_has_behaviors(step) for step in body.steps)
        return frozenset([Feature.LAYOUTS] * layouts + [Feature.BEHAVIORS] * behaviors)

    def metrics(self, body: TourBody) -> Sequence[Metric]:
        """The steps as a funnel, how often an element was not found, and which."""
        steps = [(item.key, item.label) for item in self.items(body)]
        pointing = [named for named, step in zip(steps, body.steps, strict=True) if step.target and step.layout == "popover"]
        return (
            Funnel("Step by step", "step_shown", steps),
            Count("Element not found", "target_missing"),
            TargetFoundRate("Finding the elements", "step_shown", "target_missing", pointing),
        )


def _has_behaviors(step: Step) -> bool:
    blocks_clicks = step.backdrop_clicks != "through" or step.on_backdrop_click != "nothing"
    return blocks_clicks or not step.closable or step.advance == "time" or bool(step.extra_targets)


def _step_problems(step: Step) -> Iterable[Problem]:
    if not step.title and is_blank(step.text):
        yield Problem(("title",), "the step says nothing; give it a title or a text")
    if step.layout == "popover" and not (step.target and step.target.value):
        yield Problem(("target",), "a popover needs an element to point at")
    if step.advance == "target" and not (step.target and step.target.value):
        yield Problem(("target",), "it goes on when the element is clicked, so it needs an element")
    if step.advance == "button" and not any(not isinstance(button.action, Back) for button in step.buttons):
        yield Problem(("buttons",), "there is no way forward; add a button that goes on")
    if not step.closable and not any(not isinstance(button.action, Back | Close) for button in step.buttons):
        yield Problem(("buttons",), "it cannot be closed, so it needs a button that leads on")
    for number, target in enumerate(step.extra_targets):
        if not target.value:
            yield Problem(("extra_targets", number), "say which element")
    for number, button in enumerate(step.buttons):
        if not button.label:
            yield Problem(("buttons", number, "label"), "the button has no label")
        if isinstance(button.action, Open) and not button.action.url:
            yield Problem(("buttons", number, "action", "url"), "say which address to open")
        if isinstance(button.action, Start) and not button.action.guide:
            yield Problem(("buttons", number, "action", "guide"), "choose the guide to start")


kind = Tour()
