"""Plots as inline SVG, in the colours of the page around them. Each is only a picture: a table beside it has the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.web.kit.html import Html, element, join, text

WIDTH = 640
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 14, 12, 44
_ROW, _LABEL = 28, 210
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A share in [0, 1] with the ends of its interval, and what stands before and after it."""

    label: str
    value: float
    low: float
    high: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Values in [0, 1] over places in [0, 1]; a gap where a value is None. ``kind`` is the class of its style."""

    label: str
    kind: str
    points: Sequence[tuple[float, float | None]]


def bars(name: str, rows: Sequence[Bar]) -> Html:
    """Horizontal bars, each with its interval as a whisker."""
    height = _TOP + _ROW * len(rows) + 26
    span = WIDTH - _LABEL - 90

    def x(share: float) -> float:
        return _LABEL + share * span

    axis = [
        join(
            [
                _line(x(tick), _TOP, x(tick), height - 26, "grid"),
                _words(x(tick), height - 8, f"{tick:.0%}", "middle"),
            ]
        )
        for tick in _TICKS
    ]
    drawn = []
    for at, row in enumerate(rows):
        middle = _TOP + _ROW * at + _ROW / 2
        drawn += [
            _words(_LABEL - 8, middle + 4, _cut(row.label, 32), "end"),
            element(
                "rect",
                x=_at(_LABEL),
                y=_at(middle - 8),
                width=_at(max(0.0, row.value * span)),
                height="16",
                class_="bar",
            ),
            _line(x(row.low), middle, x(row.high), middle, "whisker"),
            *(_line(x(end), middle - 5, x(end), middle + 5, "whisker") for end in (row.low, row.high)),
            _words(WIDTH - 80, middle + 4, row.note, "start"),
        ]
    return _picture(name, height, [*axis, *drawn])


def curves(name: str, lines: Sequence[Curve], horizontal: str, marked: float | None = None) -> Html:
    """Lines over a horizontal axis from 0 to 1, with a mark where the present threshold is."""
    height = 300
    wide, high = WIDTH - _LEFT - _RIGHT, height - _TOP - _BOTTOM

    def place(across: float, up: float) -> tuple[float, float]:
        return _LEFT + across * wide, _TOP + (1 - up) * high

    drawn = []
    for tick in _TICKS:
        (left, level), (across, bottom) = place(0, tick), place(tick, 0)
        drawn += [
            _line(left, level, WIDTH - _RIGHT, level, "grid"),
            _words(left - 6, level + 4, f"{tick:.0%}", "end"),
            _words(across, bottom + 16, f"{tick:g}", "middle"),
        ]
    drawn.append(_words(_LEFT + wide / 2, height - 6, horizontal, "middle"))
    if marked is not None:
        across = place(marked, 0)[0]
        drawn.append(_line(across, _TOP, across, _TOP + high, "marked"))
    for line in lines:
        known = [(place(across, up) if up is not None else None) for across, up in line.points]
        drawn += [
            _line(*one, *other, f"curve {line.kind}") for one, other in pairwise(known) if one and other
        ]
        drawn += [
            element("circle", cx=_at(one[0]), cy=_at(one[1]), r="3", class_=f"dot {line.kind}")
            for one in known
            if one
        ]
    key = join(
        element(
            "span",
            element("span", class_=f"key {line.kind}", aria_hidden="true"),
            text(line.label),
            class_="entry",
        )
        for line in lines
    )
    return join([_picture(name, height, drawn), element("p", key, class_="legend")])


def histogram(name: str, counts: Sequence[tuple[str, int]], horizontal: str) -> Html:
    """Counts by neighbouring classes, each with its label."""
    height, most = 220, max((count for _, count in counts), default=0) or 1
    wide, high = (WIDTH - _LEFT - _RIGHT) / max(1, len(counts)), height - _TOP - _BOTTOM
    drawn = [_line(_LEFT, _TOP + high, WIDTH - _RIGHT, _TOP + high, "grid")]
    for at, (label, count) in enumerate(counts):
        left, tall = _LEFT + at * wide, count / most * high * 0.9
        drawn += [
            element(
                "rect",
                x=_at(left + 1),
                y=_at(_TOP + high - tall),
                width=_at(max(1.0, wide - 2)),
                height=_at(tall),
                class_="bar",
            ),
            _words(left + wide / 2, _TOP + high + 16, label, "middle"),
        ]
        if count:
            drawn.append(
                _words(left + wide / 2, max(_TOP + 10, _TOP + high - tall - 4), str(count), "middle")
            )
    drawn.append(_words(WIDTH / 2, height - 6, horizontal, "middle"))
    return _picture(name, height, drawn)


def _picture(name: str, height: float, parts: Sequence[Html]) -> Html:
    return element(
        "svg",
        element("title", text(name)),
        *parts,
        viewBox=f"0 0 {WIDTH} {_at(height)}",
        role="img",
        aria_label=name,
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Html:
    return element("line", x1=_at(x1), y1=_at(y1), x2=_at(x2), y2=_at(y2), class_=kind)


def _words(x: float, y: float, words: str, anchor: str) -> Html:
    return element("text", text(words), x=_at(x), y=_at(y), text_anchor=anchor)


def _at(value: float) -> str:
    return f"{value:.1f}"


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
