"""What an answer would lead to, before it is given: planned on the store alone, nothing is asked of the target."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from core.apply.comparing import words
from core.apply.explanations import planned_around
from core.apply.freeing import freed_with
from core.apply.worlds import Setting
from core.planning.answers import Answer, with_answers
from core.planning.changes import Change, ChangeKind, Conflict, Plan
from core.planning.names import group_key
from core.store import answers, links

TAKING = frozenset(
    {ChangeKind.REMOVE_MEMBER, ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT, ChangeKind.DELETE_GROUP}
)
"""Kinds of changes that take something away."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The difference that an answer makes to the next plan of what it is about, and of what that may free."""

    changes: tuple[Change, ...]
    """What would be done, and is not done without it."""
    ended: tuple[Conflict, ...]
    found: tuple[Conflict, ...]
    """Conflicts that it ends, and that it leads to."""
    helps: bool
    """Whether it ends the conflict that it answers."""

    @property
    def taking(self) -> int:
        """How many of the changes take something away."""
        return sum(change.kind in TAKING for change in self.changes)


def preview(connection: Connection, setting: Setting, conflict: Conflict, answer: Answer) -> Preview:
    """What this answer to a conflict would lead to.

    `setting` has the rules of the configuration; the answers that stand are added here.
    """
    standing = answers.standing(connection, setting.target)
    before = _planned(connection, replace(setting, rules=with_answers(setting.rules, standing)), conflict)
    newest = max((each.number for each in standing), default=0) + 1
    rules = with_answers(setting.rules, (*standing, replace(answer, number=newest)))
    after = _planned(connection, replace(setting, rules=rules), conflict)
    known = {words(change) for change in before.changes}
    return Preview(
        tuple(change for change in after.changes if words(change) not in known),
        _missing(before.conflicts, after.conflicts),
        _missing(after.conflicts, before.conflicts),
        all((each.kind, each.subject) != (conflict.kind, conflict.subject) for each in after.conflicts),
    )


def _planned(connection: Connection, setting: Setting, conflict: Conflict) -> Plan:
    rules = setting.rules.groups
    users = {conflict.user_id} if conflict.user_id else set[str]()
    groups = {conflict.group_id} if conflict.group_id else set[str]()
    _, _, key = conflict.subject.partition("target-group:")
    if key in {group_key(name) for name in (*rules.default_for_all, *rules.default_for_new)}:
        users = {link.user_id for link in links.all_links(connection, setting.target)}
    freed = freed_with(connection, setting.provider, setting.target, setting.rules, users, groups)
    return planned_around(connection, setting, users | freed[0], groups | freed[1], key or None, conflict.leads or None)


def _missing(some: Iterable[Conflict], others: Iterable[Conflict]) -> tuple[Conflict, ...]:
    known = {(each.kind, each.subject) for each in others}
    return tuple(each for each in some if (each.kind, each.subject) not in known)
