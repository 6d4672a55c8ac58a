from dataclasses import replace

import pytest

from core.exchange import Exchange
from core.store import Store
from core.store.gauges import Gauges
from tui.gauge_text import gauge_lines

NOW = 1_787_567_267_000
PLAIN = Exchange("in", "entra", NOW, 40_000, "GET", "/Users", 200)


def told(store: Store, width: int, *exchanges: Exchange) -> list[str]:
    store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in exchanges])
    gauges = Gauges()
    with store.read() as connection:
        gauges.read(connection, NOW)
    return ["".join(words.text for words in line) for line in gauge_lines(gauges, NOW, width)]


@pytest.mark.parametrize("width", [60, 80, 160])
def test_each_way_has_one_line_that_fits(store: Store, width: int) -> None:
    inward, outward = told(store, width, *[replace(PLAIN, at=NOW - second * 1_000) for second in range(1, 60)])
    assert max(len(inward), len(outward)) <= width
    assert inward.startswith(" in  rate ")
    assert outward.startswith(" out ")


def test_rate_and_latency_are_of_the_last_seconds_and_failures_of_the_minute(store: Store) -> None:
    inward, outward = told(
        store,
        160,
        *[replace(PLAIN, at=NOW - 2_000)] * 50,
        *[replace(PLAIN, at=NOW - 40_000, status=503)] * 3,
        replace(PLAIN, direction="out", at=NOW - 50_000),
    )
    assert "5.0/s" in inward
    assert "40 ms" in inward
    assert "X 3/min" in inward
    assert "quiet" in outward
    assert "none" in outward


def test_bars_move_on_with_the_seconds_they_stand_for(store: Store) -> None:
    (inward, _) = told(store, 240, replace(PLAIN, at=NOW - 1_000), *[replace(PLAIN, at=NOW - 60_000)] * 2)
    bars = inward[len(" in  rate ") :].partition("█")
    assert inward.count("█") == 3  # of the rate two, of the latency two, and one is half as high
    assert bars[0] == ""
