"""What is known of an account or a group, and why it is so: read from the store alone, nothing is asked of the target.

A small world of what was last observed is put together as for a push, and explained by `core.planning.explaining`.
Around the rules stand the facts, each with its time, run and exchange: the IdP's record, the link, what was done, what
waits, which conflicts are open, and what somebody else changed at the target.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection

from core.apply.explained_facts import (
    About,
    Fact,
    account_state,
    drifted,
    group_state,
    history,
    last_comparison,
    told_by,
    waiting,
)
from core.apply.explained_names import Subject
from core.apply.group_circle import circle
from core.apply.observing import Observation
from core.apply.scoping import Scope, scope
from core.apply.worlds import Setting, scoped_world
from core.planning.changes import Plan
from core.planning.explaining import NOTHING, Basis, Step, basis, coming_for_user
from core.planning.explaining_groups import coming_for_group, concerned, explain_group, name_of
from core.planning.explaining_memberships import coming_for_membership, explain_membership, explain_memberships
from core.planning.explaining_users import explain_user
from core.planning.names import account_key, group_key
from core.planning.values import Account, Lead
from core.planning.wording import called
from core.store import observed

Part = Literal["rules", "next", "sent", "target", "done", "waiting"]
"""What a part of an explanation is about: the rules, what the next plan does, what the IdP sent, what is at the target,
what was done there, and what waits."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is told of an account, of a group, or of the one in the other."""

    about: Literal["account", "group", "membership"]
    title: str
    parts: Mapping[Part, tuple[Step | Fact, ...]]


_STRANGER = Step("record", "no", "No user of the identity provider is linked to it: no rule is about it.")


def account_explained(connection: Connection, setting: Setting, subject: Subject) -> Explanation:
    """All that is told of an account or a user."""
    about, target = About(subject.user_id, subject.account_id), setting.target
    found = explained(connection, setting, [subject.user_id], None) if subject.user_id else None
    state = tuple(account_state(connection, target, about))
    steps: tuple[Step, ...]
    coming: tuple[Step, ...]
    if found is None or subject.user_id is None:
        title, steps, coming = (
            f"Account {_account_name(connection, target, subject)} at {target}",
            (_STRANGER,),
            (NOTHING,),
        )
    else:
        title = f"{_whose(found, subject.user_id)} at {target}"
        steps = (*explain_user(found, subject.user_id), *explain_memberships(found, subject.user_id))
        coming = coming_for_user(found, subject.user_id)
    return _told(connection, target, "account", title, about, steps, coming, state)


def group_explained(connection: Connection, setting: Setting, key: str) -> Explanation:
    """All that is told of a target group."""
    found, target = explained_group(connection, setting, key), setting.target
    about = About(group_key=key, group_ids=tuple(concerned(found, key)))
    state = tuple(group_state(connection, target, about))
    title = f"Group {name_of(found, key)} at {target}"
    steps, coming = explain_group(found, key), coming_for_group(found, key)
    return _told(connection, target, "group", title, about, steps, coming, state)


def membership_explained(connection: Connection, setting: Setting, subject: Subject, key: str) -> Explanation:
    """All that is told of an account in a group."""
    target, user_id = setting.target, subject.user_id
    found = explained(connection, setting, [user_id] if user_id else [], key)
    about = About(user_id, subject.account_id, key, tuple(concerned(found, key)))
    state = (*account_state(connection, target, about), *group_state(connection, target, about))
    steps: tuple[Step, ...]
    coming: tuple[Step, ...]
    if user_id is None:
        whom, steps, coming = f"Account {_account_name(connection, target, subject)}", (_STRANGER,), (NOTHING,)
    else:
        whom = _whose(found, user_id)
        steps, coming = explain_membership(found, user_id, key), coming_for_membership(found, user_id, key)
    title = f"{whom} in {name_of(found, key)} at {target}"
    return _told(connection, target, "membership", title, about, steps, coming, state)


def explained(connection: Connection, setting: Setting, users: Collection[str], key: str | None) -> Basis:
    """The small world of these users and of the target group of this key, and all that is decided in it."""
    wanted = scope(connection, setting.provider, setting.target, setting.rules, users, (), setting.capabilities)
    return _decided(connection, setting, wanted if key is None else _with_group(connection, setting, wanted, key))


def explained_group(connection: Connection, setting: Setting, key: str) -> Basis:
    """The small world of a target group and of all users whose memberships in it are decided."""
    alone = explained(connection, setting, (), key)
    touched = concerned(alone, key)
    wanted = scope(connection, setting.provider, setting.target, setting.rules, (), touched, setting.capabilities)
    return _decided(connection, setting, _with_group(connection, setting, wanted, key))


def planned_around(
    connection: Connection,
    setting: Setting,
    users: Collection[str],
    groups: Collection[str],
    key: str | None,
    leads: tuple[Lead, ...] | None = None,
) -> Plan:
    """What the next plan would be for these users and IdP groups, and for a target group, as far as was last seen.

    `leads` are what the leavers among them lead; `None`: that is not known.
    """
    touched = set(groups)
    if key is not None:
        touched |= set(concerned(explained(connection, setting, (), key), key))
    wanted = scope(connection, setting.provider, setting.target, setting.rules, users, touched, setting.capabilities)
    wanted = wanted if key is None else _with_group(connection, setting, wanted, key)
    return _decided(connection, setting, wanted, leads).plan


def _decided(connection: Connection, setting: Setting, wanted: Scope, leads: tuple[Lead, ...] | None = None) -> Basis:
    seen = _last_seen(connection, setting.target, wanted)
    return basis(scoped_world(connection, setting, wanted, seen, leads), setting.rules)


def _with_group(connection: Connection, setting: Setting, wanted: Scope, key: str) -> Scope:
    """The scope, with the IdP groups that may feed a target group."""
    around = circle(connection, setting.provider, setting.target, setting.rules.groups, (), {key})
    groups = {group.id: group for group in wanted.groups} | dict(around.groups)
    return replace(wanted, groups=tuple(groups.values()), group_names=wanted.group_names | {key})


def _told(
    connection: Connection,
    target: str,
    about: Literal["account", "group", "membership"],
    title: str,
    subject: About,
    steps: tuple[Step, ...],
    coming: tuple[Step, ...],
    state: tuple[Fact, ...],
) -> Explanation:
    done = tuple(history(connection, target, subject))
    waits = (*waiting(connection, target, subject), *drifted(connection, target, subject))
    numbers = [step.exchange for step in (*steps, *coming)] + [fact.exchange for fact in (*done, *waits)]
    return Explanation(
        about,
        title,
        {
            "sent": tuple(told_by(connection, numbers)),
            "rules": steps,
            "target": (last_comparison(connection, target), *state),
            "done": done,
            "waiting": waits,
            "next": coming,
        },
    )


def _whose(found: Basis, user_id: str) -> str:
    user, account = found.lookup.users[user_id], found.account_of(user_id)
    return f"{called(user)} ({user.user_name})" + (f", account {account.name}," if account else "")


def _account_name(connection: Connection, target: str, subject: Subject) -> str:
    found = observed.accounts(connection, target, [subject.account_id] if subject.account_id else [])
    return found[0].name if found else subject.account_id or ""


def _last_seen(connection: Connection, target: str, wanted: Scope) -> Observation:
    """What the store remembers of all that a scope leads to."""
    names = set(map(account_key, (*wanted.names, *wanted.leaving.successors)))
    ids = {link.account_id for link in (*wanted.links, *wanted.held, *wanted.leaving.links)}
    ids |= wanted.candidates | observed.with_names(connection, target, names)
    groups_of = observed.groups_of(connection, target, ids)
    found = [
        _with_groups(account, groups_of.get(account.id, ())) for account in observed.accounts(connection, target, ids)
    ]
    keys = set(map(group_key, wanted.group_names))
    return Observation(tuple(found), tuple(observed.fresh_groups(connection, target, keys, 0)))


def _with_groups(account: Account, keys: Collection[str]) -> Account:
    return replace(account, groups=frozenset(keys))
