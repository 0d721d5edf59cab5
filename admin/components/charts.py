"""Renders charts as SVG on the server: geometry in attributes, colours from the style sheet, the label for screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, log10

from markupsafe import Markup, escape

from admin.i18n import translate as i18n

Point = tuple[float, float]

_TOP, _BOTTOM, _HEIGHT = 16, 24, 200


def spark(values: Sequence[float], label: str, width: int = 88, height: int = 24) -> Markup:
    """A sparkline of values; a flat line when all are zero or there are fewer than two."""
    if not any(values) or len(values) < 2:
        line = _tag("path", "", class_="line", d=f"M0 {height - 2} H{width}")
        return _svg(line, label, class_="spark spark-flat", viewBox=f"0 0 {width} {height}")
    top = max(values) * 1.05
    points = [(index * width / (len(values) - 1), height - 2 - (height - 4) * value / top) for index, value in enumerate(values)]
    return _svg(_area(points, height, width) + _line(points, "line"), label, class_="spark", viewBox=f"0 0 {width} {height}")


def lines(series: Sequence[Sequence[float]], names: Sequence[str], label: str) -> Markup:
    """Lines over days, the first with its area; text keeps its size at any width. `names` label the days, empty for none."""
    top = ceiling(max((value for values in series for value in values), default=0))
    plot = _HEIGHT - _TOP - _BOTTOM
    elements = [_grid(top, plot), _plotted(series, top, plot), _days(names)]
    return _svg(Markup("").join(elements), label, class_="chart chart-axis", height=_HEIGHT)


def ceiling(most: float) -> int:
    """The top of the axis: a round number at or above the highest value whose quarters are whole where possible."""
    if most <= 4:
        return 4
    step = 10 ** int(log10(most / 4))
    fine = [1, 1.25, 1.5] if step >= 100 else [1, 1.5] if step == 10 else [1]
    return next(int(each * step * 4) for each in (*fine, 2, 2.5, 3, 4, 5, 6, 8, 10) if each * step * 4 >= most)


def sparse(names: Sequence[str], most: int = 6) -> list[str]:
    """The names with at most `most` kept and the others emptied, evenly spaced; the first and last stay."""
    every = max(1, ceil((len(names) - 1) / (most - 1)))
    last = len(names) - 1
    return [name if index == last or (index % every == 0 and last - index >= every) else "" for index, name in enumerate(names)]


def _grid(top: int, plot: int) -> Markup:
    elements: list[Markup] = []
    for tick in (0, top / 2, top) if top % 4 else (0, top // 4, top // 2, top * 3 // 4, top):
        y = _short(_TOP + plot * (1 - tick / top))
        elements.append(_tag("line", "", class_="grid-line", x1="0", x2="100%", y1=y, y2=y))
        elements.append(_tag("text", i18n.number(tick), x="-8", y=_short(float(y) + 4), text_anchor="end"))
    return Markup("").join(elements)


def _plotted(series: Sequence[Sequence[float]], top: int, plot: int) -> Markup:
    elements: list[Markup] = []
    for number, values in enumerate(series):
        points = [(index * 100 / max(1, len(values) - 1), 100 - 100 * value / top) for index, value in enumerate(values)]
        if number == 0:
            elements.append(_area(points, 100, 100))
        elements.append(_line(points, "line" if number == 0 else f"line line-{number + 1}"))
    frame = {"viewBox": "0 0 100 100", "preserveAspectRatio": "none", "overflow": "visible"}
    return _tag("svg", Markup("").join(elements), y=_TOP, width="100%", height=plot, **frame)


def _days(names: Sequence[str]) -> Markup:
    last = max(1, len(names) - 1)
    elements: list[Markup] = []
    for index, name in enumerate(names):
        if name:
            anchor = "start" if index == 0 else "end" if index == last else "middle"
            elements.append(_tag("text", name, x=f"{_short(index * 100 / last)}%", y=_HEIGHT - 6, text_anchor=anchor))
    return Markup("").join(elements)


def _area(points: Sequence[Point], bottom: float, width: float) -> Markup:
    return _tag("path", "", class_="area", d=_path([*points, (width, bottom), (0, bottom)]) + " Z")


def _line(points: Sequence[Point], name: str) -> Markup:
    return _tag("path", "", class_=name, d=_path(points))


def _path(points: Iterable[Point]) -> str:
    return "M" + " L".join(f"{_short(x)} {_short(y)}" for x, y in points)


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _svg(content: Markup, label: str, **attributes: object) -> Markup:
    return _tag("svg", content, role="img", aria_label=label, **attributes)


def _tag(name: str, content: str, **attributes: object) -> Markup:
    shown = Markup("").join(Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), shown, escape(content))
