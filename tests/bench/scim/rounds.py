"""Interleaved rounds: each contender in turn, several times, and the median of what each came to."""

import sys
from collections import defaultdict
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from tests.bench.scim.contender import Contender
from tests.bench.scim.measures import Measure

BUSY = 0.9
"""The share of a core from which a load process may be what holds a server back."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The medians of one kind of request at one contender."""

    rate: float
    """Requests per second."""
    p50: float
    """Milliseconds, as `p99`."""
    p99: float
    errors: int
    """Wrong or missing answers in all rounds."""


class Results:
    """Figures by kind of request and contender; kinds in the order in which they were measured."""

    def __init__(self) -> None:
        self._found: defaultdict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
        self._errors: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.first_errors: dict[tuple[str, str], str] = {}

    def add(self, measure: Measure, contender: str, found: dict[str, Any]) -> None:
        """Keep what one round came to."""
        single = len(found["kinds"]) <= 1
        for kind, figures in found["kinds"].items() or {measure.name: None}.items():
            key = (measure.name if single else f"{kind}, {measure.name}", contender)
            if figures is not None:
                self._found[key].append(figures)
            self._errors[key] += found["errors"]
            if found["errors"]:
                self.first_errors.setdefault(key, found["first_error"])

    def kinds(self) -> list[str]:
        return list(dict.fromkeys(kind for kind, _ in (*self._found, *self._errors)))

    def of(self, kind: str, contender: str) -> Figure | None:
        """The medians over the rounds; None where nothing was measured."""
        rounds, errors = self._found.get((kind, contender)), self._errors.get((kind, contender), 0)
        if not rounds:
            return Figure(0.0, 0.0, 0.0, errors) if errors else None
        rate, p50, p99 = (median(each[name] for each in rounds) for name in ("rate", "p50", "p99"))
        return Figure(rate, p50, p99, errors)

    def rates(self, kind: str, contender: str) -> list[float]:
        """Requests per second in each round."""
        return [each["rate"] for each in self._found.get((kind, contender), [])]

    def document(self) -> dict[str, dict[str, dict[str, float]]]:
        """All of it, for `--json`."""
        found: dict[str, dict[str, dict[str, float]]] = {}
        for kind, contender in self._errors:
            figure = self.of(kind, contender)
            if figure is not None:
                found.setdefault(kind, {})[contender] = asdict(figure)
        return found


def run(contenders: list[Contender], rows: list[Measure], rounds: int, seconds: float, results: Results) -> None:
    """Put every contender under load for `seconds`, row by row and round by round."""
    for turn in range(rounds):
        for row in rows:
            print(f"round {turn + 1} of {rounds}: {row.name}", file=sys.stderr)
            for contender in contenders:
                if row.takes(contender):
                    found = contender.measure(row.operation, row.connections, seconds, row.group, turn)
                    results.add(row, contender.name, found)
                    if found["client_cpu"] > BUSY:
                        print(f"{contender.name}: the load process itself was the limit", file=sys.stderr)
