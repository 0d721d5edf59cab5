"""form_field(): a pydantic field with the label, hint and options that the admin's form shows."""

from __future__ import annotations

from typing import Any

from pydantic import Field

_FORM_OPTIONS = ("choices", "icons", "section", "visible_when", "recommended_length", "unit", "advanced", "variants_label")


def form_field(label: str, hint: str = "", **options: Any) -> Any:
    """A field of a Body with its label and hint; `options` are arguments of pydantic's Field or options of the form.

    `choices` and `icons` label the values of a choice; `section` groups fields under a heading; `visible_when` maps neighbours to
    the values that show the field ("true" for a switch that is on); `recommended_length` counts characters; `unit` follows the
    input; `advanced` moves the field under "More options"; `variants_label` is the noun for one item of a list whose items are a
    union, as in "Add question".
    """
    form = {name: options.pop(name) for name in _FORM_OPTIONS if name in options}
    return Field(title=label, json_schema_extra={"form": {"hint": hint, **form}}, **options)


def omit_none(value: object) -> bool:
    """For `exclude_if`: leaves a field out of the stored body while it is None."""
    return value is None
