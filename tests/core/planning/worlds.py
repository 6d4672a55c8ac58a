"""Generated worlds: so few names, ids and values that everything collides with everything.

Names differ only in case or Unicode form, are taken, protected or refused by the product; users are inactive, deleted,
missing, waiting, out of scope, linked to accounts that are gone; accounts match by id, name and e-mail; groups share
names, are nested in circles, were renamed since they were linked; reads broke off; products lack this and that.

Hypothesis draws a seed and sizes; the rest follows from the seed, which makes dense worlds in little time. Each part
has its own random numbers, so that a failing world shrinks to fewer parts while those that remain stay the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from core.planning.changes import ChangeKind
from core.planning.names import account_key, group_key
from core.planning.values import (
    Account,
    AdminGroup,
    Capabilities,
    GroupLink,
    Lead,
    Link,
    ManagedMembership,
    NameRules,
    Probes,
    Released,
    Repeated,
    SourceGroup,
    SourceUser,
    TargetGroup,
    Totals,
    Waiting,
    World,
)

from .building import CONFLUENCE
from .world_undone import undone

USER_NAMES = ("ada", "Ada@x", "ADA", "bob", "bob@x", "zo\u00eb", "zoe\u0308", "svc-1", "o'hara", "cyd", "dot@x", "eve")
ACCOUNT_NAMES = ("ada", "Bob", "zo\u00eb", "svc-1", "o'hara", "cyd", "eve")
GROUP_NAMES = ("Staff", "STAFF ", "x-Staff", "Dev", "Ops", "R/D", "x-administrators")
GROUP_KEYS = ("staff", "dev", "ops", "r/d", "x-administrators", "local")
GROUP_IDS = ("g0", "g1", "g2", "g3", "g4", "g-unknown")
NOW = 1_000_000
_RELEASED = ("ada", "bob", "cyd", "zo\u00eb", "svc-1")
_REASONS: Mapping[str, str] = {
    name: f"No REST for {name}." for name in ("create_user", "update_user", "set_active", "create_group", "members")
}
_OFTEN = ("rename_user", "delete_user", "rename_group", "delete_group", "leads")
_NAMES = (CONFLUENCE, replace(CONFLUENCE, kept_groups=("ops", "x-st*")), NameRules(email_unique=True), NameRules())
_T = TypeVar("_T")


def worlds() -> st.SearchStrategy[World]:
    """Whole worlds, for full plans."""
    return st.builds(_world, _seeds(), *(st.sampled_from((*range(most), *[most] * 6)) for most in (7, 5, 7, 5, 4)))


def _seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**20)


def _world(seed: int, users: int, groups: int, accounts: int, links: int, group_links: int) -> World:
    dice = Random(f"{seed} world")
    user_names, group_names, names = (dice.sample(all, len(all)) for all in (USER_NAMES, GROUP_NAMES, ACCOUNT_NAMES))
    target_groups = _some(dice, [name for name in (*GROUP_NAMES, "Local") if name != "STAFF "])
    keys = [group_key(name) for name in target_groups]
    there = tuple(_account(Random(f"{seed} account {at}"), f"a{at}", names[at], keys) for at in range(accounts))
    unread = [(account.id, key) for account in there if account.groups is None for key in keys]
    members = [(account.id, key) for account in there for key in account.groups or ()]
    world = World(
        users=tuple(_user(Random(f"{seed} user {at}"), f"u{at}", user_names[at]) for at in range(users)),
        groups=tuple(_group(Random(f"{seed} group {at}"), f"g{at}", group_names[at]) for at in range(groups)),
        accounts=there,
        target_groups=tuple(TargetGroup(name, group_key(name)) for name in target_groups),
        links=_links(dice, there)[:links],
        managed=frozenset(ManagedMembership(*member) for member in _some(dice, [*members, *unread])),
        capabilities=_capabilities(dice),
        target_complete=dice.random() < 0.85,
        source_complete=dice.random() < 0.85,
        group_links=_group_links(Random(f"{seed} group links"))[:group_links],
        leads=_leads(Random(f"{seed} leads"), [account.key for account in there]),
        now=NOW,
        probes=Probes(("*@x",), NOW - 5) if dice.random() < 0.1 else Probes(),
    )
    return _with_facts(Random(f"{seed} facts"), world)


def _with_facts(dice: Random, world: World) -> World:
    """The world with what is counted, and what was undone, at the target."""
    active = [account.id for account in world.accounts if account.active]
    admins = AdminGroup("x-administrators", "x-administrators", frozenset(_some(dice, active)))
    sizes = {key: dice.choice((0, 3, 30)) for key in GROUP_KEYS if dice.random() < 0.7}
    recent = {kind: dice.choice((1, 2)) for kind in _some(dice, (*ChangeKind, "remove-member|staff"))}
    kinds = _some(dice, tuple(ChangeKind)) if dice.random() < 0.3 else []
    waiting = tuple(Waiting(kind, dice.choice(("u0", "elsewhere")), dice.choice(("staff", None))) for kind in kinds)
    totals = Totals(
        dice.choice((3, 30, 100)), dice.choice((3, 30, 100)), sizes, recent if dice.random() < 0.3 else {}, waiting
    )
    took_back = undone(dice, world) if dice.random() < 0.3 else ()
    given_up = tuple(_released(dice, key) for key in _some(dice, _RELEASED)) if dice.random() < 0.3 else ()
    return replace(
        world,
        admin_groups=(admins,),
        totals=totals,
        undone=took_back,
        released=given_up,
        repeated=_repeated(dice, world),
    )


def _repeated(dice: Random, world: World) -> tuple[Repeated, ...]:
    """Memberships and states that somebody else takes back, lately or long ago."""
    groups = [(kind, key) for kind in (ChangeKind.ADD_MEMBER, ChangeKind.REMOVE_MEMBER) for key in GROUP_KEYS]
    kinds = [(ChangeKind.DEACTIVATE_ACCOUNT, ""), (ChangeKind.REACTIVATE_ACCOUNT, ""), *groups]
    if dice.random() < 0.7:
        return ()
    return tuple(
        Repeated(
            kind, account.id, key, {}, tuple((run, NOW - dice.choice((1, 1, 1, 8 * 86_400_000))) for run in range(4))
        )
        for account in world.accounts
        for kind, key in _some(dice, kinds)
    )


def _released(dice: Random, key: str) -> Released:
    owner, external = dice.choice(("u0", "u1", "u2", "former")), dice.choice((None, "x0", "x1"))
    return Released(key, key, owner, "Somebody", external, "a-former", dice.choice(("deleted", "renamed")), NOW - 1)


def _user(dice: Random, id: str, name: str) -> SourceUser:
    display_name, email = _texts(dice)
    values = {
        "userName": name,
        "displayName": display_name,
        "emails.work": email,
        "externalId": dice.choice((None, "x0", "x1")),
        "title": dice.choice((None, "Dr", "Prof")),
        "enterprise.manager": dice.choice((None, "u0", "u1", "bob", "boss")),
    }
    present = {path: value for path, value in values.items() if value is not None}
    groups = frozenset(_some(dice, GROUP_IDS))
    active, deleted = dice.random() < 0.75, dice.random() < 0.15
    gone_at = None if active and not deleted else dice.choice((None, NOW - 500, NOW - 90_000))
    exchange, missed = dice.choice((None, 5, 5, 20)), dice.choice((0, 0, 0, 0, 0, 0, 1, 3))
    return SourceUser(id, name, active, present, groups, deleted, exchange, dice.choice((0, NOW)), gone_at, missed)


def _group(dice: Random, id: str, name: str) -> SourceGroup:
    parents = frozenset(parent for parent in GROUP_IDS if dice.random() < 0.25 and parent != id)
    deleted, exchange = dice.random() < 0.12, dice.choice((None, 5, 5, 5, 20))
    return SourceGroup(id, name, deleted, exchange, dice.choice((0, 0, NOW)), parents)


def _account(dice: Random, id: str, name: str, keys: Sequence[str]) -> Account:
    display_name, email = _texts(dice)
    return Account(
        id,
        name,
        account_key(name),
        display_name,
        email,
        dice.random() < 0.75,
        frozenset(_some(dice, keys)) if dice.random() < 0.8 else None,
        dice.choice((None, None, "x0", "x1", "u1", "u2")),
        {"title": dice.choice(("Dr", "Prof"))} if dice.random() < 0.5 else {},
        dice.choice((None, None, None, "Corp", "Internal")),
        dice.choice((None, None, None, None, False, True)),
        ("LDAP",) if dice.random() < 0.1 else (),
    )


def _texts(dice: Random) -> tuple[str | None, str | None]:
    return dice.choice(("Ada", "Ada", "Ada", "Bob", "Bob", "Bob", "A <b>", None)), dice.choice(
        ("a@x", "A@x", "b@x", "c@x", "d@x", "e@x", "no mail", None)
    )


def _links(dice: Random, accounts: Sequence[Account]) -> tuple[Link, ...]:
    """Mostly with the account's name of today, sometimes with an earlier one, sometimes to an account that is gone."""
    users = dice.sample([f"u{at}" for at in range(7)], 7)
    known = [(account.id, dice.choice((account.name, account.name, "ada", "former"))) for account in accounts]
    gone = [("gone", dice.choice(("cyd", "gone")))]
    linked = zip(users, dice.sample(known + gone, len(known) + 1), strict=False)
    return tuple(Link(user_id, *account, is_new=dice.random() < 0.2) for user_id, account in linked)


def _group_links(dice: Random) -> tuple[GroupLink, ...]:
    """At most one for a pair; of groups that were renamed since, or deleted, and to target groups that are gone."""
    pairs = dice.sample([(id, key) for id in GROUP_IDS for key in GROUP_KEYS], 6)
    return tuple(GroupLink(*pair, dice.choice(GROUP_NAMES)) for pair in pairs)


def _leads(dice: Random, accounts: Sequence[str]) -> tuple[Lead, ...] | None:
    """`None`: they were not read."""
    if dice.random() < 0.1:
        return None
    keys = [*accounts, "ext"]
    roles = {"Developers": tuple(sorted(_some(dice, keys)))}
    heads = {project: dice.choice(keys) for project in ("A", "B")}
    projects = [Lead("project", key, key, f"Project {key}", head, roles) for key, head in heads.items()]
    components = [
        Lead("component", str(at), project, name, dice.choice(keys), roles, heads[project])
        for at, (project, name) in enumerate((("A", "core"), ("A", "web"), ("B", "core")))
    ]
    return tuple(lead for lead in (*projects, *components) if dice.random() < 0.7)


def _capabilities(dice: Random) -> Capabilities:
    lacking = {name: reason for name, reason in _REASONS.items() if dice.random() < 0.05}
    able = dict.fromkeys((name for name in _OFTEN if dice.random() < 0.75), None)
    attributes = dice.choice((frozenset(), frozenset({"title"}), frozenset({"title", "externalId"})))
    return Capabilities(
        **lacking, **able, attributes=attributes, names=dice.choice(_NAMES), directory=dice.choice((None, None, "Corp"))
    )


def _some(dice: Random, items: Sequence[_T]) -> list[_T]:
    return [item for item in items if dice.random() < 0.5]
