"""Answering a conflict: checked against what is so now, kept, and due to be carried out at once.

Whoever answers has seen the conflict: an answer to one that has changed since is refused, with what it is now.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from core.planning.answers import Answer
from core.planning.changes import Conflict, Needs, Resolution
from core.planning.document import conflict_document
from core.planning.names import account_key, check_display_name, check_group_name, check_username, normalised
from core.planning.resolutions import offered
from core.planning.values import NameRules
from core.planning.wording import listed
from core.store import Transaction, answers, audit, claims, conflicts, links, observed, pending, repeats
from core.store.conflicts import Listed


class NotAnswered(Exception):
    """An answer that is not taken; its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What an admin answers."""

    key: str
    """`Resolution.key`."""
    value: str | None = None
    """What the answer needs; `None`: what it proposes."""
    note: str | None = None
    owner: str | None = None
    """Of an answer that holds: who is to see to it."""
    until: int | None = None
    """Of an answer that holds: when it is open again; milliseconds since 1970-01-01 UTC."""


def resolve(
    tx: Transaction,
    number: int,
    choice: Choice,
    by: str,
    names: NameRules,
    seen: Conflict | None = None,
    claimed_as: str | None = None,
) -> str:
    """Take an answer to a conflict; returns in words what comes of it.

    `names` are the product's; `seen` is the conflict as the admin saw it; `claimed_as` is who has it open where that is
    more than `by`.

    :raises NotAnswered: when it cannot be taken.
    """
    row, conflict = _open(tx, number, claimed_as or by, seen)
    resolution = chosen(conflict, choice.key)
    said = _carried_out_here(tx, row, choice)
    if said is None:
        answer = answered_with(tx.connection, row.target, conflict, resolution, choice.value, names)
        given = answers.give(tx, row.target, number, answer, by, note=choice.note)
        conflicts.put_aside(tx, number, "answered", answer=given, note=choice.note)
        _touch_loser(tx, row.target, answer)
        said = f"Conflict {number} is answered: {resolution.title}. {_consequence(resolution, choice.value)}".strip()
    if choice.key not in ("H", "S"):
        touch(tx, row.target, conflict)
    detail = " ".join(filter(None, (choice.key, choice.value, choice.note)))
    audit.note(tx, by, "answer conflict", f"conflict {number}: {conflict.title}", detail)
    return said


def take_back(tx: Transaction, number: int, by: str) -> str:
    """Take the last answer to a conflict back, or end its hold; returns in words what comes of it.

    :raises NotAnswered: when there is nothing to take back.
    """
    opened = conflicts.opened(tx.connection, number)
    if opened is None:
        raise NotAnswered(f"There is no conflict {number}.")
    row, conflict = opened
    given = answers.find(tx.connection, row.answer) if row.answer is not None else None
    if given is not None and not answers.end(tx, given.id, "revoked", by):
        run = " It was carried out: to put it back, undo the run that did it." if given.state == "done" else ""
        raise NotAnswered(f"The answer to conflict {number} does not stand any more.{run}")
    if given is None and row.state not in ("held", "skipped"):
        raise NotAnswered(f"Conflict {number} has no answer that could be taken back.")
    conflicts.reopen(tx, number)
    touch(tx, row.target, conflict)
    audit.note(tx, by, "take back answer", f"conflict {number}: {conflict.title}")
    return f"Conflict {number} waits for an answer again."


def chosen(conflict: Conflict, key: str) -> Resolution:
    """The answer of this key.

    :raises NotAnswered: when the conflict does not offer it, or it is none that is kept.
    """
    found = {resolution.key: resolution for resolution in offered(conflict)}
    if key not in found:
        keys = ", ".join(f"{each.key} ({each.title})" for each in found.values() if each.key != "E")
        raise NotAnswered(f"This conflict has no answer {key}. It offers {keys}.")
    if key == "E":
        raise NotAnswered(f"{found[key].consequence} Change it in config.toml, and run: manciple check")
    return found[key]


def answered_with(
    connection: Connection, target: str, conflict: Conflict, resolution: Resolution, value: str | None, names: NameRules
) -> Answer:
    """The answer as the planner takes it; its number is 0 as long as it is not kept.

    :raises NotAnswered: when what it needs is missing, or does not do.
    """
    given = normalised(value or "") or resolution.proposed
    if resolution.needs is not None:
        given = _checked(connection, target, resolution.needs, given, names)
    return Answer(0, conflict.kind, conflict.subject, resolution.key, given, resolution.needs)


def touch(tx: Transaction, target: str, conflict: Conflict) -> None:
    """Have a conflict's subject planned anew. Of a target group that rules name there is none: everything is compared
    for it once (`core.apply.reconciler`)."""
    if conflict.user_id is not None:
        pending.touch(tx, [target], "user", [conflict.user_id], conflict.exchange)
    elif conflict.group_id is not None:
        pending.touch(tx, [target], "group", [conflict.group_id], conflict.exchange)


def _touch_loser(tx: Transaction, target: str, answer: Answer) -> None:
    """Who loses an account by an answer is planned anew as well."""
    if (answer.kind, answer.key) == ("C10", "L"):
        losers = [link.user_id for link in links.of_accounts(tx.connection, target, [answer.value or ""])]
        pending.touch(tx, [target], "user", losers, None)


def _open(tx: Transaction, number: int, by: str, seen: Conflict | None) -> tuple[Listed, Conflict]:
    opened = conflicts.opened(tx.connection, number)
    if opened is None:
        raise NotAnswered(f"There is no conflict {number}.")
    row, conflict = opened
    if row.state == "closed":
        raise NotAnswered(f"Conflict {number} is over: its cause is gone.")
    if claims.is_another_s(row.claimed_by, row.claimed_at, by, tx.now):
        raise NotAnswered(f"{row.claimed_by} has conflict {number} open. Ask them, or wait half a minute.")
    if row.state == "answered":
        raise NotAnswered(f"Conflict {number} is answered already. Take that answer back first.")
    if seen is not None and not _is_as_seen(seen, conflict):
        raise NotAnswered(f"Conflict {number} has changed: {_difference(seen, conflict)} Look at it again.")
    return row, conflict


def _is_as_seen(seen: Conflict, now: Conflict) -> bool:
    """Whether nothing of it has changed; that the IdP has said the same once more is no change."""
    return conflict_document(replace(seen, exchange=now.exchange)) == conflict_document(now)


def _difference(seen: Conflict, now: Conflict) -> str:
    """What a conflict is now, and what of that it was not when it was seen."""
    names = [name for name in {**seen.evidence, **now.evidence} if seen.evidence.get(name) != now.evidence.get(name)]
    changed = [f"{name} was '{seen.evidence.get(name, '')}' and is '{now.evidence.get(name, '')}'" for name in names]
    if [each.key for each in seen.resolutions] != [each.key for each in now.resolutions]:
        changed.append(f"its own answers are {listed([each.key for each in now.resolutions])} by now")
    return " ".join([f"{now.title}. {now.explanation}", *([f"{'; '.join(changed)}."] if changed else [])])


def _carried_out_here(tx: Transaction, row: Listed, choice: Choice) -> str | None:
    """What an answer does that no plan carries out; `None`: a plan does."""
    if choice.key == "H":
        conflicts.put_aside(tx, row.id, "held", owner=choice.owner, note=choice.note, until=choice.until)
        return f"Conflict {row.id} is held{f' for {choice.owner}' if choice.owner else ''}."
    if choice.key == "S":
        conflicts.put_aside(tx, row.id, "skipped", note=choice.note)
        return f"Conflict {row.id} is out of sight until a later plan meets it again."
    if choice.key == "R":
        if row.kind == "C41":
            _begin_anew(tx, row)
        conflicts.reopen(tx, row.id, choice.note)
        return f"Conflict {row.id} is planned once more now."
    return None


def _begin_anew(tx: Transaction, row: Listed) -> None:
    """What is done to the user's account is counted anew, so that it is done once more."""
    _, _, user = row.subject.partition("user:")
    linked = links.of_users(tx.connection, row.target, [user])
    repeats.forget(tx, row.target, [link.account_id for link in linked])


def _checked(connection: Connection, target: str, needs: Needs, given: str | None, names: NameRules) -> str:
    if not given:
        raise NotAnswered(f"This answer needs {_NEEDED[needs]}.")
    if needs == "account":
        return _account_to_link(connection, target, given)
    if needs == "successor":
        found = observed.accounts(connection, target, observed.with_names(connection, target, {account_key(given)}))
        if not any(account.active for account in found):
            raise NotAnswered(f"{target} has no active account '{given}', as far as was seen: name one that it has.")
        return given
    if needs == "date":
        return _day(given)
    checks = {"account-name": check_username, "display-name": check_display_name, "group-name": check_group_name}
    if problem := checks[needs](given, names):
        raise NotAnswered(f"'{given}' {problem}, which the product refuses: give another name.")
    if needs == "account-name" and observed.with_names(connection, target, {account_key(given)}):
        raise NotAnswered(f"{target} has an account '{given}' already: give another name, or link that account.")
    return given


_NEEDED = {
    "account": "the name of an account",
    "account-name": "an account name",
    "date": "a day, such as 2027-01-31, or a number of days, such as 30d",
    "display-name": "a display name",
    "group-name": "a group name",
    "successor": "the name of the account that takes over",
}


def _day(given: str) -> str:
    """A day as `2027-01-31`, given so or as a number of days from now."""
    number = given.removesuffix("d")
    if given.endswith("d") and number.isascii() and number.isdigit() and len(number) <= _DIGITS:
        return (datetime.now(UTC).date() + timedelta(days=int(number))).isoformat()
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise NotAnswered(f"'{given}' is no day: give one such as 2027-01-31, or a number of days: 30d.") from None


_DIGITS = 4


def end_of(given: str) -> int:
    """When a hold ends that is to last until this day, `2027-01-31` or `30d` from now: with its end, UTC; in
    milliseconds since 1970-01-01 UTC.

    :raises NotAnswered: when it is no day, or is over.
    """
    day = date.fromisoformat(_day(given))
    if day < datetime.now(UTC).date():
        raise NotAnswered(f"{given} is over already: give a day to come, or a number of days: 30d.")
    return int(datetime.combine(day, time.max, UTC).timestamp() * 1000)


def _account_to_link(connection: Connection, target: str, name: str) -> str:
    """Id of the account of this name (or id), which nobody is linked to."""
    ids = sorted(observed.with_names(connection, target, {account_key(name)})) or [
        account.id for account in observed.accounts(connection, target, [name])
    ]
    if not ids:
        raise NotAnswered(f"{target} has no account '{name}', as far as was seen: name one that it has.")
    if len(ids) > 1:
        raise NotAnswered(f"{target} has {len(ids)} accounts '{name}': give the id of one, {listed(ids)}.")
    if links.of_accounts(connection, target, ids):
        raise NotAnswered(f"'{name}' is another user's account already: name one that is nobody's.")
    return ids[0]


def _consequence(resolution: Resolution, value: str | None) -> str:
    named = value or resolution.proposed
    return f"{named} it is." if resolution.needs is not None and named else resolution.consequence
