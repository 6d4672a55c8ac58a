"""Answering conflicts by command: what it would lead to, the question, and the answer itself.

What would be taken away is asked for by its number, which must be read to be typed.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import typer
from sqlalchemy import Connection

from core.admin import admin
from core.apply.offline import offline_setting
from core.apply.parts import write_beside_now
from core.apply.previewing import TAKING, Preview, preview
from core.apply.resolving import Choice, NotAnswered, answered_with, chosen, resolve
from core.cli.conflict_view import opened_one
from core.cli.exits import DONE, FAILED, NEEDS_ADMIN, CommandFailed
from core.cli.opening import target_named
from core.cli.output import say, say_all, say_json
from core.config import Settings
from core.planning.changes import Conflict
from core.planning.explaining import doing
from core.planning.resolutions import offered
from core.planning.wording import counted
from core.store import Store, Transaction
from core.store.conflicts import Listed

_TAKING_KEYS = frozenset({"A", "T"})
"""Answers that may take something away: of these every conflict is looked at, of others the first few."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    key: str
    value: str | None
    note: str | None
    owner: str | None
    until: int | None
    confirm: int | None
    yes: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class _Considered:
    """One conflict, and what the answer would lead to."""

    row: Listed
    conflict: Conflict
    preview: Preview | None
    """`None`: it leads to nothing by itself."""

    @property
    def taking(self) -> int:
        """How many of the changes take something away."""
        return self.preview.taking if self.preview else 0


def answer_conflicts(settings: Settings, store: Store, numbers: Sequence[int], asked: Asked) -> int:
    """Show, ask, and answer each.

    :raises CommandFailed: when one cannot be answered so, or nobody could be asked.
    """
    try:
        with store.read() as connection:
            considered = [
                _considered(settings, connection, number, asked, is_shown=place < _SHOWN or asked.key in _TAKING_KEYS)
                for place, number in enumerate(numbers)
            ]
    except NotAnswered as error:
        raise CommandFailed(str(error)) from None
    if not asked.as_json:
        for each in considered[:_SHOWN]:
            say_all(_lines(each, asked))
        if len(considered) > _SHOWN:
            say(f"… and {len(considered) - _SHOWN:,} more.")
    if not _is_agreed(considered, asked):
        say("Nothing was answered.")
        return DONE
    return _give(settings, store, considered, asked)


def answer_lines(conflict: Conflict) -> Iterator[str]:
    """The answers that a conflict offers: key, title, what it does, what it needs."""
    for resolution in offered(conflict):
        yield f"  {resolution.key}  {resolution.title}: {resolution.consequence}"
        if resolution.needs is not None:
            proposed = f", such as {resolution.proposed}" if resolution.proposed else ""
            yield f"     with --value: {resolution.needs.replace('-', ' ')}{proposed}"


def _considered(
    settings: Settings, connection: Connection, number: int, asked: Asked, *, is_shown: bool
) -> _Considered:
    row, conflict = opened_one(connection, number)
    if asked.key in ("H", "R", "S"):
        chosen(conflict, asked.key)
        return _Considered(row, conflict, None)
    setting = offline_setting(settings, target_named(settings, row.target))
    resolution = chosen(conflict, asked.key)
    answer = answered_with(connection, row.target, conflict, resolution, asked.value, setting.capabilities.names)
    return _Considered(row, conflict, preview(connection, setting, conflict, answer) if is_shown else None)


def _lines(found: _Considered, asked: Asked) -> Iterator[str]:
    yield f"Conflict {found.row.id}  {found.conflict.kind}  {found.conflict.title}"
    resolution = chosen(found.conflict, asked.key)
    value = asked.value or (resolution.proposed if resolution.needs else None)
    yield f"  {resolution.key}  {resolution.title}{f': {value}' if value else ''}"
    if found.preview is None:
        yield f"  {resolution.consequence}"
        return
    for change in found.preview.changes[:_SHOWN]:
        yield f"  {'!' if change.kind in TAKING else '+'} {doing(change)}"
    rest = len(found.preview.changes) - _SHOWN
    if rest > 0:
        yield f"  … and {counted(rest, 'more change')}"
    if not found.preview.changes:
        yield "  Nothing would change at the target."
    if not found.preview.helps:
        yield "  As far as is known now, it would not end this conflict."
    for conflict in found.preview.found:
        yield f"  It would lead to: {conflict.kind}  {conflict.title}"


def _is_agreed(considered: Sequence[_Considered], asked: Asked) -> bool:
    taking = sum(each.taking for each in considered)
    if taking and asked.confirm is not None and asked.confirm != taking:
        raise CommandFailed(f"it would take away {taking}, not {asked.confirm}: look at it again", NEEDS_ADMIN)
    if taking and asked.confirm is None:
        return _is_typed(taking, asked)
    if asked.yes or asked.confirm is not None:
        return True
    if asked.as_json or not sys.stdin.isatty():
        raise CommandFailed("nobody could be asked: add --yes to answer without asking", NEEDS_ADMIN)
    return typer.confirm(f"Answer {counted(len(considered), 'conflict')} so?", default=False, err=True)


def _is_typed(taking: int, asked: Asked) -> bool:
    what = "1 removal or deactivation" if taking == 1 else f"{taking} removals and deactivations"
    if asked.yes or asked.as_json or not sys.stdin.isatty():
        raise CommandFailed(f"it leads to {what}: add --confirm {taking} if that is meant", NEEDS_ADMIN)
    text = f"It leads to {what}. Type {taking} to answer so, or nothing to leave"
    return bool(typer.prompt(text, default="", show_default=False, err=True).strip() == str(taking))


def _give(settings: Settings, store: Store, considered: Sequence[_Considered], asked: Asked) -> int:
    choice = Choice(asked.key, asked.value, asked.note, asked.owner, asked.until)
    done, failed = list[tuple[int, str]](), list[tuple[int, str]]()
    by = admin()

    def write(tx: Transaction, part: Sequence[_Considered]) -> None:
        for each in part:
            names = offline_setting(settings, target_named(settings, each.row.target)).capabilities.names
            try:
                said = resolve(tx, each.row.id, choice, by, names, each.conflict)
            except NotAnswered as error:
                failed.append((each.row.id, str(error)))
            else:
                done.append((each.row.id, said))

    write_beside_now(store, considered, write)
    if asked.as_json:
        said = [{"id": number, "answered": True, "text": text} for number, text in done]
        say_json({"items": said + [{"id": number, "answered": False, "text": text} for number, text in failed]})
    else:
        say_all(text for _, text in (*done, *failed))
    return FAILED if failed else DONE
