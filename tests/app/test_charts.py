"""Charts with a range."""

import re

from agent.screen.charts import chart
from tools.views import Series

VALUES, LOW, HIGH = (10.0, 12.0, 14.0), (10.0, 12.0, 9.0), (10.0, 12.0, 20.0)


def test_a_range_is_shaded_around_the_line() -> None:
    html = str(chart(Series("column.units", ("a", "b", "c"), VALUES, "", "line", low=LOW, high=HIGH), "en"))
    (points,) = re.findall(r'class="band"[^>]*points="([^"]+)"', html)
    corners = [tuple(map(float, point.split(","))) for point in points.split()]
    assert len(corners) == 6
    heights = [y for _, y in corners]
    assert heights[2] == min(heights)  # the highest value of the range reaches the top
    assert heights[0] == heights[5]  # where nothing is uncertain the range has no width


def test_a_line_without_a_range_is_not_shaded() -> None:
    assert "band" not in str(chart(Series("column.units", ("a", "b", "c"), VALUES, "", "line"), "en"))
