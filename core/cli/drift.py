"""`manciple drift`: where a target is not as it was left, what has nobody behind it, and what to do about that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from core.admin import admin
from core.cli.agreeing import agreed, by_number
from core.cli.documents import Document
from core.cli.exits import DONE, NEEDS_ADMIN, USAGE, CommandFailed
from core.cli.following import Following, require_engine
from core.cli.naming import manciple
from core.cli.opening import open_store, read_config, target_named
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json
from core.cli.planned import plan_lines, read_planned
from core.cli.table import table
from core.cli.times import iso, local
from core.cli.verdict import broken, end
from core.planning.wording import counted
from core.store import Store, Transaction, audit, drift
from core.store.drift import Listed, Orphan

LIMIT = 10_000
"""Differences, and orphans of each kind, that are shown at most."""


@dataclass(frozen=True, slots=True)
class _Report:
    changed: tuple[Listed, ...]
    orphans: tuple[Orphan, ...]

    @property
    def document(self) -> Document:
        return {
            "items": [_listed_document(row) for row in self.changed],
            "orphans": [{"kind": each.kind, "name": each.name, "kept_by": each.kept_by} for each in self.orphans],
        }


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "drift",
        short_help="Show what others changed at a target, and what has nobody behind it.",
        epilog=example(
            "manciple drift wiki",
            "manciple drift wiki --keep svc-build",
            "manciple drift wiki --deactivate old-contractor",
            "manciple drift wiki --delete-group project-x",
        ),
    )(show_drift)


def show_drift(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The name of a [[target]].")],
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="NAME", help="It may stay as it is: do not report it again.")
    ] = None,
    deactivate: Annotated[
        str | None, typer.Option("--deactivate", metavar="ACCOUNT", help="Deactivate an account without a user.")
    ] = None,
    delete_group: Annotated[
        str | None, typer.Option("--delete-group", metavar="GROUP", help="Delete an empty group that nothing feeds.")
    ] = None,
    kept: Annotated[bool, typer.Option("--all", help="Show what may stay as it is, too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Apply without asking.")] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Show where a target is not as manciple left it, as of its last read, and what has nobody behind it.

    Nothing of this is ever taken away by itself. What the rules want otherwise, the next synchronisation puts right.
    """
    settings = read_config(config)
    wanted = target_named(settings, target).name
    choices = [name for name in (keep, deactivate, delete_group) if name is not None]
    if len(choices) > 1:
        raise CommandFailed("--keep, --deactivate and --delete-group do not go together: give one of them", USAGE)
    with open_store(settings) as store:
        if keep is not None:
            return _keep(store, wanted, keep)
        if deactivate is not None:
            return _choose(store, wanted, f"deactivate {deactivate}", yes=yes, as_json=as_json)
        if delete_group is not None:
            return _choose(store, wanted, f"delete-group {delete_group}", yes=yes, as_json=as_json)
        report = _report(store, wanted, kept=kept)
    if as_json:
        say_json(report.document)
    else:
        say_all(_lines(wanted, report))
    return DONE


def _report(store: Store, target: str, *, kept: bool) -> _Report:
    with store.read() as connection:
        changed = drift.open_ones(connection, target, LIMIT, kept=kept)
        accounts = drift.orphan_accounts(connection, target, LIMIT)
        groups = drift.orphan_groups(connection, target, LIMIT)
    return _Report(tuple(changed), tuple(each for each in (*accounts, *groups) if kept or each.kept_by is None))


def _lines(target: str, report: _Report) -> Iterator[str]:
    if report.changed:
        yield f"{counted(len(report.changed), 'difference')} from how {target} was left, the newest first:"
        headings = ("WHAT", "NAME", "VALUE", "LEFT", "FOUND", "SEEN", "RUN", "KEPT BY")
        rows = [_row(row) for row in report.changed]
        shown = slice(None) if any(row[-1] for row in rows) else slice(-1)
        yield from table(headings[shown], [row[shown] for row in rows], right=("RUN",), columns=columns())
    else:
        yield f"{target} is as it was left, as of its last read."
    yield from _orphan_lines(report.orphans, "orphan-account", "active account", "belong to no user")
    yield from _orphan_lines(report.orphans, "orphan-group", "group", "made by manciple, no IdP group feeds any more")


def _orphan_lines(orphans: Sequence[Orphan], kind: str, noun: str, text: str) -> Iterator[str]:
    found = [each for each in orphans if each.kind == kind]
    if found:
        yield ""
        yield f"{counted(len(found), noun)}: {text}"
        yield from (f"  {each.name}" + (f"  (kept by {each.kept_by})" if each.kept_by else "") for each in found)


def _row(row: Listed) -> tuple[str, ...]:
    value = (row.field or "").removeprefix("attributes.").replace("_", " ") or "-"
    before, after = row.before or "-", row.after or "-"
    return row.kind, row.name, value, before, after, local(row.seen_at), str(row.run or "-"), row.kept_by or ""


def _listed_document(row: Listed) -> Document:
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "field": row.field,
        "before": row.before,
        "after": row.after,
        "seen": iso(row.seen_at),
        "run": row.run,
        "kept_by": row.kept_by,
    }


def _keep(store: Store, target: str, name: str) -> int:
    """Accept what is reported of one name."""
    report = _report(store, target, kept=False)
    changed = [row for row in report.changed if row.name.lower() == name.lower()]
    orphans = [each for each in report.orphans if each.name.lower() == name.lower()]
    if not changed and not orphans:
        raise CommandFailed(f"nothing is reported of {name!r}: see `{manciple(f'drift {target}')}`", USAGE)

    def write(tx: Transaction) -> None:
        for row in changed:
            drift.keep(tx, row.id, admin())
        for orphan in orphans:
            drift.keep_orphan(tx, target, orphan, admin())
        audit.note(tx, admin(), "keep drift", target, name)

    store.writer.write_now(write)
    say(f"{name} may stay as it is.")
    return DONE


def _choose(store: Store, target: str, choice: str, *, yes: bool, as_json: bool) -> int:
    require_engine(store)
    following = Following(store)
    planned = read_planned(store, following.choose(target, choice).id)
    if error := broken(store, planned):
        raise error
    if not as_json:
        say_all(plan_lines(planned, is_saved=False))
    if yes and planned.run.holds:
        raise CommandFailed(by_number(planned.run), NEEDS_ADMIN)
    if not yes and not agreed(planned, as_json=as_json):
        following.drop(planned.run)
        if as_json:
            raise CommandFailed("nobody could be asked: add --yes to apply without asking", NEEDS_ADMIN)
        say("Nothing was changed.")
        return DONE
    return end(store, read_planned(store, following.approve(planned.run).id), as_json=as_json)
