"""The facts around an explanation, as the store has them: each with its time, the run and exchange behind it, and the
admin who decided it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from core.planning.changes import Change
from core.planning.explaining import doing
from core.store import changes, conflicts, drift, exchanges, observed, origins, runs
from core.store.changes import Listed
from core.store.origins import Waiting
from core.store.runs import Run

Kind = Literal["exchange", "link", "state", "change", "pending", "run", "conflict", "drift"]
HISTORY = 20
"""Changes that are told, the newest."""
_ALL = 100_000
"""Differences, and accounts without a user, that are looked through."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so, or was done."""

    kind: Kind
    text: str
    at: int | None = None
    """Milliseconds since 1970-01-01 UTC."""
    run: int | None = None
    exchange: int | None = None
    by: str | None = None
    """Who decided it, and how: `approved by ada@host`."""
    until: int | None = None
    """When it goes on."""


@dataclass(frozen=True, slots=True)
class About:
    """What facts are asked for about, as the store knows it; with an account and a group: the one in the other."""

    user_id: str | None = None
    account_id: str | None = None
    group_key: str | None = None
    group_ids: tuple[str, ...] = ()
    """IdP groups behind the target group."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects of conflicts about it."""
        user = (f"user:{self.user_id}",) if self.user_id else ()
        group = (f"target-group:{self.group_key}",) if self.group_key else ()
        return (*user, *group, *(f"group:{group_id}" for group_id in self.group_ids))


def told_by(connection: Connection, numbers: Collection[int | None]) -> Iterator[Fact]:
    """The requests of the IdP behind what is so, oldest first; of those that the log no longer has, the number."""
    wanted = sorted({number for number in numbers if number is not None})
    listed = {row.id: row for row in exchanges.listed(connection, wanted)}
    for number in wanted:
        row = listed.get(number)
        if row is None:
            yield Fact("exchange", "A request that the log no longer has.", exchange=number)
        else:
            status = f" {row.status}" if row.status is not None else ""
            text = f"{row.party}: {row.method} {row.path}{status}" + (f", {row.outcome}" if row.outcome else "")
            yield Fact("exchange", text, row.at, row.run, number)


def last_comparison(connection: Connection, target: str) -> Fact:
    """How old what is known of the target may be."""
    run = runs.last_whole(connection, target)
    if run is None:
        return Fact("run", "All of it was never read: what is known is what pushes led to.")
    return Fact("run", f"All of it was last read by run {run.id}.", run.started_at, run.id)


def account_state(connection: Connection, target: str, about: About) -> Iterator[Fact]:
    """The link of a user and the account as last seen."""
    origin = origins.of_link(connection, target, about.user_id) if about.user_id else None
    for account in observed.accounts(connection, target, [about.account_id] if about.account_id else []):
        state = "active" if account.active else "inactive"
        values = [f"display name '{account.display_name}'", f"e-mail '{account.email or ''}'"]
        values += [f"{name} '{value}'" for name, value in sorted(account.attributes.items())]
        text = f"Account '{account.name}' is {state}: {', '.join(values)}."
        yield Fact("state", text, origins.account_seen_at(connection, target, account.id))
    if origin is not None:
        text = f"Linked to the account with the id {about.account_id}: {origin.how}."
        yield Fact("link", text, origin.since, origin.run)
    elif about.account_id:
        kept = {each.key: each.kept_by for each in drift.orphan_accounts(connection, target, _ALL)}
        by = kept.get(about.account_id)
        yield Fact("link", "It belongs to no user.", by=f"kept by {by}" if by else None)
    else:
        yield Fact("link", "No account is linked to this user.")


def group_state(connection: Connection, target: str, about: About) -> Iterator[Fact]:
    """A target group as last seen, and the IdP groups that are linked to it."""
    key = about.group_key or ""
    seen = origins.of_group(connection, target, key)
    if seen is None:
        yield Fact("state", "The target has no such group, as far as was seen.")
    else:
        name = observed.group_names(connection, target, {key})[key]
        whose = "manciple created it" if seen.created_by_us else "manciple did not create it"
        members = f", {seen.members} members when last read whole" if seen.members is not None else ""
        yield Fact("state", f"Group '{name}' is there; {whose}{members}.", seen.at)
    for group_id in about.group_ids:
        origin = origins.of_group_link(connection, target, group_id, key)
        if origin is not None:
            text = f"Linked to IdP group {group_id}, then called '{origin.how}'."
            yield Fact("link", text, origin.since, origin.run)


def history(connection: Connection, target: str, about: About) -> Iterator[Fact]:
    """What was done and is planned, the newest last, with the runs that wait."""
    names = _group_names(connection, target, about)
    found = changes.history(
        connection, target, HISTORY, user_id=about.user_id, account_id=about.account_id, groups=names
    )
    known = {number: runs.find(connection, number) for number in {listed.run for listed, _ in found}}
    for listed, change in reversed(found):
        yield _done(listed, change, known[listed.run])
    for run in sorted((run for run in known.values() if run is not None), key=lambda run: run.id):
        if run.state == "waiting" and any(row.run == run.id and row.state == "planned" for row, _ in found):
            why = " ".join(hold.text for hold in run.holds) or "Its plan is to be looked at first."
            yield Fact("run", f"Run {run.id} waits for an admin. {why}", run.started_at, run.id)


def waiting(connection: Connection, target: str, about: About) -> Iterator[Fact]:
    """What is still to be worked on, and the conflicts that are open."""
    keys = [("user", about.user_id)] if about.user_id else []
    for kind, ident in (*keys, *(("group", group_id) for group_id in about.group_ids)):
        key = origins.of_pending(connection, target, kind, ident or "")
        if key is not None:
            yield _pending(kind, key)
    for number in origins.conflicts_about(connection, target, about.subjects):
        opened = conflicts.opened(connection, number)
        if opened is not None:
            row, conflict = opened
            text = f"Conflict {row.id}, {row.kind}: {row.title}."
            yield Fact("conflict", text, row.opened_at, row.run, conflict.exchange)


def drifted(connection: Connection, target: str, about: About) -> Iterator[Fact]:
    """What somebody else changed at the target since it was left, the newest first."""
    if about.account_id is not None:
        found = drift.of_accounts(connection, target, [about.account_id])
    else:
        found = drift.open_ones(connection, target, _ALL, kept=True) if about.user_id is None else []
    theirs = [row for row in found if about.group_key is None or row.group_key == about.group_key]
    for row in sorted(theirs, key=lambda row: row.id, reverse=True)[:HISTORY]:
        if not row.kind.startswith("orphan-"):
            yield _drift(row)


def _group_names(connection: Connection, target: str, about: About) -> tuple[str, ...]:
    """What a group was called in changes: as the target writes it, and as the key."""
    if about.group_key is None:
        return ()
    name = observed.group_names(connection, target, {about.group_key})[about.group_key]
    return tuple(dict.fromkeys((name, about.group_key)))


def _done(listed: Listed, change: Change, run: Run | None) -> Fact:
    at = listed.finished_at or listed.intent_at or (run.started_at if run else None)
    outcome = f"{listed.state}: {listed.error}" if listed.error else listed.state
    text = f"{doing(change)}: {outcome}. {change.because.rule}: {change.because.text}"
    return Fact("change", text, at, listed.run, listed.exchange, _deciders(run) if run else None)


def _deciders(run: Run) -> str | None:
    """Who asked for a run and who approved it."""
    undoing = f"undo of run {run.undoes}" if run.undoes else None
    asked = f"asked by {run.asked_by}" if run.asked_by else None
    approved = f"approved by {run.approved_by}" if run.approved_by else None
    return ", ".join(filter(None, (undoing, asked, approved))) or None


def _drift(row: drift.Listed) -> Fact:
    what = f" {row.field.removeprefix('attributes.').replace('_', ' ')}" if row.field else ""
    values = f": left '{row.before or ''}', found '{row.after or ''}'" if row.field else ""
    by = f"kept by {row.kept_by}" if row.kept_by else None
    return Fact("drift", f"Changed by somebody else: {row.kind} {row.name}{what}{values}.", row.seen_at, row.run, by=by)


def _pending(kind: str, key: Waiting) -> Fact:
    failed = f" It failed {key.attempts} times: {key.error}." if key.attempts else ""
    return Fact("pending", f"The {kind} is pending.{failed}", key.since, None, key.exchange, until=key.due_at)
