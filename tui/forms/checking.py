"""What is wrong with a draft, by field: as it is typed, without a file; and when the whole file is made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from core.config.findings import Findings
from core.config.formats import NotAccepted
from core.config.positions import KeyPath
from core.config.problems import ConfigError, Problem
from core.config.rules import target_rules
from core.config.table import Table
from core.planning.rules import TargetRules
from tui.forms.draft import Draft
from tui.forms.field import Field, Path, value_of

_DEPTH = 2
"""Keys before a target's own: `target`, and which one."""


@dataclass(frozen=True, slots=True)
class _ByPath(Findings):
    """Findings that keep which of several tables is meant."""

    said: dict[KeyPath, str] = field(default_factory=dict)

    def problem(self, path: KeyPath, message: str, remedy: str) -> None:
        self.said.setdefault(path[_DEPTH:], _sentences(message, remedy))


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft, read as the configuration reads it."""

    rules: TargetRules
    """Its rules. What has a problem is the default there, or a pattern that cannot be used."""
    problems: Mapping[Path, str]
    """What is wrong with which key, and what to write."""


def checked(draft: Draft, path: KeyPath = ("target", 0)) -> Checked:
    """Read users, groups and brakes of a draft; cheap enough to be done at each key."""
    findings = _ByPath(FilePath(), {})
    table = Table(_as_read(draft.now()), path, findings)
    rules = target_rules(table)
    return Checked(rules, findings.said)


def refused(error: ConfigError, fields: Iterable[Field], before: Checked) -> tuple[str, Checked]:
    """A draft that only the whole file shows to be wrong: in a few words, and with all its problems."""
    said = by_field(error.problems, fields)
    return said.pop((), "a value is wrong"), Checked(before.rules, {**said, **before.problems})


def by_field(problems: Iterable[Problem], fields: Iterable[Field]) -> dict[Path, str]:
    """Problems of a whole file, by the field that each is about; one that is about none is under the empty path."""
    paths = {field.key: field.path for field in fields}
    said: dict[Path, str] = {}
    for problem in problems:
        key = problem.key.removeprefix("target.")
        place = paths.get(key, paths.get(key.rpartition(".")[0], ()))
        said.setdefault(place, _sentences(problem.message, problem.remedy) if place else str(problem))
    return said


def not_values(fields: Iterable[Field], draft: Draft) -> dict[Path, str]:
    """What was typed and cannot be a value of its field at all."""
    said: dict[Path, str] = {}
    for each in fields:
        if (typed := draft.typed.get(each.path)) is not None:
            try:
                value_of(each, typed)
            except NotAccepted as error:
                said[each.path] = _sentences(error.message, error.remedy)
    return said


def on_rows(problems: Mapping[Path, str], rows: Iterable[Path]) -> dict[Path, str]:
    """Problems of parts of a value, as those of the field that has it; one that no row has stays as it is."""
    places = set(rows)
    said: dict[Path, str] = {}
    for path, text in problems.items():
        heads = (path[:end] for end in range(len(path), 0, -1))
        said.setdefault(next((head for head in heads if head in places), path), text)
    return said


def _as_read(value: Any) -> Any:
    """A value as the reader of TOML gives it: lists, and no tuples."""
    if isinstance(value, Mapping):
        return {name: _as_read(each) for name, each in value.items()}
    return [_as_read(each) for each in value] if isinstance(value, list | tuple) else value


def _sentences(message: str, remedy: str) -> str:
    return f"{message}. {remedy}" + ("" if remedy.endswith("?") else ".")
