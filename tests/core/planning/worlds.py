"""Generated worlds and rules: so few names, ids and values that everything collides with everything.

Names differ only in case or Unicode form, are taken, protected or refused by the product; users are inactive, deleted,
linked to accounts that are gone; groups share names; reads broke off. All combinations of the rules' flags come up.

Hypothesis draws a seed and sizes; the rest follows from the seed, which makes dense worlds in little time. Each part
has its own random numbers, so that a failing world shrinks to fewer parts while those that remain stay the same.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from core.planning.names import account_key, group_key
from core.planning.rules import Case, GroupRules, NoMatch, TargetRules, UserRules, ValueRule
from core.planning.values import (
    Account,
    Capabilities,
    Link,
    ManagedMembership,
    NameRules,
    SourceGroup,
    SourceUser,
    TargetGroup,
    World,
)

from .building import CONFLUENCE

USER_NAMES = ("ada", "Ada@x", "ADA", "bob", "bob@x", "zo\u00eb", "zoe\u0308", "svc-1", "o'hara", "cyd", "dot@x", "eve")
ACCOUNT_NAMES = ("ada", "Bob", "zo\u00eb", "svc-1", "o'hara", "cyd")
GROUP_NAMES = ("Staff", "STAFF ", "Dev", "Ops", "R/D", "x-administrators")
GROUP_KEYS = ("staff", "dev", "ops", "r/d", "x-administrators", "local")
CASES: tuple[Case, ...] = ("lower", "keep")
ANSWERS: tuple[NoMatch, ...] = ("pass", "pass", "ignore", "skip-user")
GROUP_IDS = ("g0", "g1", "g2", "g3", "g-unknown")
_REASONS: Mapping[str, str] = {
    name: f"No REST for {name}." for name in ("create_user", "update_user", "set_active", "create_group", "members")
}
_T = TypeVar("_T")


def worlds() -> st.SearchStrategy[World]:
    """Whole worlds, for full plans."""
    return st.builds(_world, _seeds(), *(st.sampled_from((*range(most), *[most] * 6)) for most in (7, 4, 6, 4)))


def rules() -> st.SearchStrategy[TargetRules]:
    """Rules in every combination of flags."""
    return st.builds(_rules, _seeds())


def _seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**20)


def _world(seed: int, users: int, groups: int, accounts: int, links: int) -> World:
    dice = Random(f"{seed} world")
    user_names, group_names, names = (dice.sample(all, len(all)) for all in (USER_NAMES, GROUP_NAMES, ACCOUNT_NAMES))
    there = tuple(_account(Random(f"{seed} account {at}"), f"a{at}", names[at]) for at in range(accounts))
    members = [(account.id, key) for account in there for key in account.groups or GROUP_KEYS[:2]]
    target_groups = [name for name in (*GROUP_NAMES, "Local") if name != "STAFF "]
    return World(
        users=tuple(_user(Random(f"{seed} user {at}"), f"u{at}", user_names[at]) for at in range(users)),
        groups=tuple(_group(Random(f"{seed} group {at}"), f"g{at}", group_names[at]) for at in range(groups)),
        accounts=there,
        target_groups=tuple(TargetGroup(name, group_key(name)) for name in _some(dice, target_groups)),
        links=_links(dice, there)[:links],
        managed=frozenset(ManagedMembership(*member) for member in _some(dice, [*members, ("a0", "dev")])),
        capabilities=_capabilities(dice),
        target_complete=dice.random() < 0.8,
    )


def _user(dice: Random, id: str, name: str) -> SourceUser:
    display_name, email = _texts(dice)
    values = {"userName": name, "displayName": display_name, "emails.work": email}
    present = {path: value for path, value in values.items() if value is not None}
    groups = frozenset(_some(dice, GROUP_IDS))
    return SourceUser(id, name, dice.random() < 0.8, present, groups, deleted=dice.random() < 0.15)


def _group(dice: Random, id: str, name: str) -> SourceGroup:
    return SourceGroup(id, name, deleted=dice.random() < 0.15)


def _account(dice: Random, id: str, name: str) -> Account:
    display_name, email = _texts(dice)
    groups = frozenset(_some(dice, GROUP_KEYS)) if dice.random() < 0.8 else None
    return Account(id, name, account_key(name), display_name, email, dice.random() < 0.75, groups)


def _texts(dice: Random) -> tuple[str | None, str | None]:
    return dice.choice(("Ada", "Ada", "Bob", "Bob", "A <b>", None)), dice.choice(("a@x", "a@x", "a@x", "b@x", None))


def _links(dice: Random, accounts: Sequence[Account]) -> tuple[Link, ...]:
    """Mostly with the account's name of today, sometimes with an earlier one, sometimes to an account that is gone."""
    users = dice.sample([f"u{at}" for at in range(7)], 7)
    known = [(account.id, dice.choice((account.name, account.name, "ada", "former"))) for account in accounts]
    gone = [("gone", dice.choice(("cyd", "gone")))]
    linked = zip(users, dice.sample(known + gone, len(known) + 1), strict=False)
    return tuple(Link(user_id, *account) for user_id, account in linked)


def _capabilities(dice: Random) -> Capabilities:
    lacking = {name: reason for name, reason in _REASONS.items() if dice.random() < 0.06}
    return Capabilities(**lacking, names=dice.choice((CONFLUENCE, NameRules())))


def _some(dice: Random, items: Sequence[_T]) -> list[_T]:
    return [item for item in items if dice.random() < 0.5]


def _rules(seed: int) -> TargetRules:
    dice = Random(f"{seed} rules")
    flags = list(product((True, False), repeat=6))
    create, update, reactivate, create_missing, keep_existing_groups, deactivate = flags[seed % len(flags)]
    users = UserRules(
        create=create,
        update=update,
        reactivate=reactivate,
        when_inactive="deactivate" if deactivate else "keep",
        username=_username_rule(dice),
        email=_email_rule(dice),
        protect=dice.choice(((), ("svc-*",), ("svc-*", "B?b"))),
    )
    groups = GroupRules(
        mode="off" if dice.random() < 0.1 else "on-the-fly",
        include=dice.choice((("*",), ("*",), ("staff*", "R*"))),
        exclude=dice.choice(((), ("D*",))),
        create_missing=create_missing,
        keep_existing_groups=keep_existing_groups,
        protect=dice.choice(((), ("*-administrators",))),
    )
    return TargetRules(users, groups)


def _username_rule(dice: Random) -> ValueRule:
    """The whole userName, or what stands before the @, with every answer for those that have none."""
    if dice.random() < 0.5:
        return ValueRule("userName", case="lower")
    case, no_match = dice.choice(CASES), dice.choice(ANSWERS)
    return ValueRule("userName", match="^([^@]+)@", replace="$1", case=case, no_match=no_match)


def _email_rule(dice: Random) -> ValueRule:
    if dice.random() < 0.6:
        return ValueRule("emails.work")
    return ValueRule("emails.work", match="^a@", no_match=dice.choice(ANSWERS[2:]))
