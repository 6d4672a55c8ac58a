"""Explanations as `manciple explain` prints them: each sentence with its rule, or with its time, run and exchange."""

import textwrap
from collections.abc import Iterator

from core.apply.explained_facts import Fact
from core.apply.explanations import Explanation, Part
from core.cli.documents import Document
from core.cli.times import iso_or_none, local
from core.plain import plain
from core.planning.explaining import Step

_HEADINGS: tuple[tuple[Part, str], ...] = (
    ("sent", "What the identity provider sent"),
    ("rules", "The rules, in the order in which they are asked"),
    ("target", "At the target, as last seen"),
    ("done", "What was done, the newest last"),
    ("waiting", "What waits"),
    ("next", "What the next plan would do"),
)
_NARROWEST = 40
"""Columns below which nothing is broken any more."""


def explanation_lines(explanation: Explanation, columns: int | None) -> Iterator[str]:
    """The lines for people; with `columns`, sentences are broken to fit."""
    yield explanation.title
    for part, heading in _HEADINGS:
        if told := explanation.parts[part]:
            yield ""
            yield heading
            for each in told:
                yield from _step_lines(each, columns) if isinstance(each, Step) else _fact_lines(each, columns)


def item_documents(explanation: Explanation) -> list[Document]:
    """The JSON forms of all that is told. `part` says where it belongs; what has no value is null."""
    return [
        {"about": explanation.about, "part": part}
        | (_step_document(each) if isinstance(each, Step) else _fact_document(each))
        for part, _ in _HEADINGS
        for each in explanation.parts[part]
    ]


def _step_lines(step: Step, columns: int | None) -> Iterator[str]:
    moment = f" ({local(step.moment)})" if step.moment is not None else ""
    exchange = f" (exchange {step.exchange})" if step.exchange is not None else ""
    return _broken(f"  {step.verdict:<3}  {step.rule}: ", f"{step.text}{moment}{exchange}", 7, columns)


def _fact_lines(fact: Fact, columns: int | None) -> Iterator[str]:
    numbers = [f"{name} {number}" for name, number in (("run", fact.run), ("exchange", fact.exchange)) if number]
    behind = ", ".join((*numbers, *((fact.by,) if fact.by else ())))
    until = f" It goes on at {local(fact.until)}." if fact.until is not None else ""
    at = f"{local(fact.at)}  " if fact.at is not None else ""
    return _broken(f"  {at}", f"{fact.text}{until}{f' ({behind})' if behind else ''}", 7, columns)


def _broken(begin: str, text: str, indent: int, columns: int | None) -> Iterator[str]:
    """A sentence, in lines of at most `columns`; what follows the first is indented."""
    line = plain(begin + text)
    if columns is None or columns < _NARROWEST:
        yield line
        return
    yield from textwrap.wrap(line, columns, subsequent_indent=" " * indent, drop_whitespace=True)


def _step_document(step: Step) -> Document:
    return {
        "rule": step.rule,
        "verdict": step.verdict,
        "text": step.text,
        "kind": "rule",
        "at": iso_or_none(step.moment),
        "until": None,
        "run": None,
        "exchange": step.exchange,
        "by": None,
    }


def _fact_document(fact: Fact) -> Document:
    return {
        "rule": None,
        "verdict": None,
        "text": fact.text,
        "kind": fact.kind,
        "at": iso_or_none(fact.at),
        "until": iso_or_none(fact.until),
        "run": fact.run,
        "exchange": fact.exchange,
        "by": fact.by,
    }
