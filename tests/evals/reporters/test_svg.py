import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from spanscore.evals.reporters._svg import mean_chart, spread_chart
from told_evals import EXACT

pytestmark = pytest.mark.core


def test_a_mean_with_its_interval_and_baseline() -> None:
    assert mean_chart(EXACT).replace("><", ">\n<") == snapshot("""\
<svg viewBox="0 0 360 28" role="img" aria-label="mean of exact">
<line class="axis" x1="8" y1="14" x2="352" y2="14"/>
<line class="interval" x1="113.2" y1="14" x2="304.9" y2="14"/>
<line class="before" x1="309.0" y1="4" x2="309.0" y2="24">
<title>before: 87.50 %</title>
</line>
<circle class="mean worse" cx="223.0" cy="14" r="5"/>
</svg>\
""")


def test_without_a_mean_or_cases_there_is_no_chart() -> None:
    assert mean_chart(replace(EXACT, mean=None)) == ""
    assert spread_chart("exact", [0, 0]) == ""
    assert spread_chart("exact", []) == ""


def test_a_spread_has_a_bar_for_each_part() -> None:
    chart = ET.fromstring(spread_chart("<&>", [2, 0, 1]))
    assert chart.get("aria-label") == "spread of <&>"
    bars = [(bar.get("height"), bar.findtext("title")) for bar in chart.iter("rect")]
    assert bars == [
        ("48.0", "2 cases from 0 to 33 %"),
        ("0.0", "0 cases from 33 to 66 %"),
        ("24.0", "1 case from 66 to 100 %"),
    ]
