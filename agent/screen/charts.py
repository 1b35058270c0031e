"""Charts: bars by label, or a line over time."""

from markupsafe import Markup

from agent.screen.markup import EMPTY, el, join
from agent.screen.values import brief, heading, write
from tools.views import Series

WIDTH, TOP, BOTTOM, LEFT = 640, 24, 36, 8
HEIGHT = 230
MOST = 31
"""Points that fit; of a longer series the last ones are drawn."""


def chart(series: Series, language: str) -> Markup:
    """Draw a series under its title."""
    values = series.values[-MOST:]
    labels = [write(label, language) for label in series.labels[-MOST:]]
    if not values:
        return EMPTY
    high = max(*values, *series.high[-MOST:], 0.0) or 1.0
    parts = [max(value, 0.0) / high for value in values]
    is_line = series.kind == "line" and len(values) > 1
    band = tuple([max(one, 0.0) / high for one in part[-MOST:]] for part in (series.low, series.high))
    drawn = _plot(parts, labels, values, language, band) if is_line else _bars(parts, labels, values, language)
    title = f"{heading(series.title, language)} ({series.unit})" if series.unit else heading(series.title, language)
    return el("figure", el("figcaption", title), drawn, cls="chart")


def _plot(
    heights: list[float], labels: list[str], values: tuple[float, ...], language: str, band: tuple[list[float], ...]
) -> Markup:  # fmt: skip
    """Draw a line over time; every point tells its label and value when pointed at."""
    tips = [f"{label}: {brief(value, language)}" for label, value in zip(labels, values, strict=True)]
    return el(
        "svg",
        _band(*band),
        _line(heights, tips),
        _feet(labels),
        _peak(heights, values, language),
        cls="plot",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label="; ".join(tips),
    )


def _bars(parts: list[float], labels: list[str], values: tuple[float, ...], language: str) -> Markup:
    """Lay bars beside their labels, in the reading direction."""
    rows = (
        join(
            el("dt", label, dir="auto", title=label),
            el(
                "dd",
                el("span", el("span", style=f"inline-size:{part * 100:.1f}%"), cls="track"),
                el("span", brief(value, language), cls="value"),
            ),
        )
        for part, label, value in zip(parts, labels, values, strict=True)
    )
    return el("dl", *rows, cls="bars")


def _line(heights: list[float], tips: list[str]) -> Markup:
    step = (WIDTH - 2 * LEFT) / len(heights)
    points = [(_x(n, step), _y(part)) for n, part in enumerate(heights)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    area = f"{points[0][0]:.1f},{_y(0):.1f} {path} {points[-1][0]:.1f},{_y(0):.1f}"
    dots = (
        el("circle", el("title", tip), cls="dot", cx=f"{x:.1f}", cy=f"{y:.1f}", r=4)
        for (x, y), tip in zip(points, tips, strict=True)
    )
    return join(el("polygon", cls="area", points=area), el("polyline", cls="line", points=path), *dots)


def _band(low: list[float], high: list[float]) -> Markup:
    """Shade the range around a line."""
    if not low or len(low) != len(high):
        return EMPTY
    step = (WIDTH - 2 * LEFT) / len(low)
    upper = [f"{_x(n, step):.1f},{_y(part):.1f}" for n, part in enumerate(high)]
    lower = [f"{_x(n, step):.1f},{_y(part):.1f}" for n, part in enumerate(low)]
    return el("polygon", cls="band", points=" ".join([*upper, *reversed(lower)]))


def _feet(labels: list[str]) -> Markup:
    """Write labels under the points, as many as fit."""
    step = (WIDTH - 2 * LEFT) / len(labels)
    room = max(int(step / 7), 1)
    every = 1 if room >= 6 or len(labels) <= 6 else max(round(len(labels) / 6), 1)
    fits = max(int(step * every / 7), 4)
    return join(
        el("line", cls="ground", x1=LEFT, x2=WIDTH - LEFT, y1=f"{_y(0):.1f}", y2=f"{_y(0):.1f}"),
        *(
            el(
                "text",
                label if len(label) <= fits else label[: fits - 1] + "…",
                x=f"{_x(n, step):.1f}",
                y=HEIGHT - 12,
            )
            for n, label in enumerate(labels)
            if n % every == 0
        ),
    )


def _peak(heights: list[float], values: tuple[float, ...], language: str) -> Markup:
    """Write the values over the points, all where there are few, else the highest."""
    step = (WIDTH - 2 * LEFT) / len(heights)
    shown = range(len(heights)) if len(heights) <= 12 else [heights.index(max(heights))]
    return join(
        *(
            el(
                "text",
                brief(values[n], language),
                cls="peak",
                x=f"{_x(n, step):.1f}",
                y=f"{_y(heights[n]) - 8:.1f}",
            )
            for n in shown
        )
    )


def _x(n: int, step: float) -> float:
    return LEFT + step * (n + 0.5)


def _y(part: float) -> float:
    return TOP + (1 - part) * (HEIGHT - TOP - BOTTOM)
