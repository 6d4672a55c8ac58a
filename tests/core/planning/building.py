"""Short forms of the planner's values, so that a test shows only what it is about."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.planning.changes import Change, Conflict, Plan
from core.planning.names import group_key
from core.planning.plan import plan
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import (
    NO_PROBES,
    Account,
    Capabilities,
    GroupLink,
    Lead,
    Link,
    ManagedMembership,
    NameRules,
    Probes,
    SourceGroup,
    SourceUser,
    TargetGroup,
    World,
)

CONFLUENCE = NameRules(
    forbidden_in_username="\\,+<>'\"",
    username_lower_case=True,
    whitespace_in_username=False,
    reserved_usernames=frozenset({"anonymous"}),
    forbidden_in_display_name="<>",
    reserved_display_names=frozenset({"anonymous"}),
    forbidden_in_group_name="/\\",
    reserved_group_names=frozenset({"."}),
    email_required=True,
    email_checked=True,
)


def user(
    user_name: str = "ada",
    *,
    id: str | None = None,
    active: bool = True,
    display_name: str | None = "Ada Lovelace",
    email: str | None = "ada@example.com",
    groups: Iterable[str] = (),
    deleted: bool = False,
    exchange: int | None = None,
    created_at: int = 0,
    gone_at: int | None = None,
    missed_reads: int = 0,
    attributes: Mapping[str, str] | None = None,
) -> SourceUser:
    """A user whose id is `u-` and the userName unless given; `attributes` are further ones, by SCIM path."""
    usual = {"userName": user_name, "displayName": display_name, "emails.work": email}
    present = {path: value for path, value in usual.items() if value is not None} | dict(attributes or {})
    return SourceUser(
        id or f"u-{user_name}",
        user_name,
        active,
        present,
        frozenset(groups),
        deleted,
        exchange,
        created_at,
        gone_at,
        missed_reads,
    )


def group(
    name: str = "Staff",
    *,
    id: str | None = None,
    deleted: bool = False,
    exchange: int | None = None,
    created_at: int = 0,
    parents: Iterable[str] = (),
) -> SourceGroup:
    """An IdP group whose id is `g-` and the name unless given."""
    return SourceGroup(id or f"g-{name}", name, deleted, exchange, created_at, frozenset(parents))


def account(
    name: str = "ada",
    *,
    id: str | None = None,
    display_name: str | None = "Ada Lovelace",
    email: str | None = "ada@example.com",
    active: bool = True,
    groups: Iterable[str] | None = (),
    external_id: str | None = None,
    attributes: Mapping[str, str] | None = None,
) -> Account:
    """An account whose id is `a-` and the name unless given, with the values that `user` has."""
    observed = None if groups is None else frozenset(groups)
    return Account(
        id or f"a-{name}", name, name.lower(), display_name, email, active, observed, external_id, attributes or {}
    )


def target_group(name: str = "Staff") -> TargetGroup:
    """A target group."""
    return TargetGroup(name, name.lower())


def link(user_name: str = "ada", account_name: str | None = None) -> Link:
    """The link of `user(user_name)` to `account(account_name)`, by default of the same name."""
    name = account_name or user_name
    return Link(f"u-{user_name}", f"a-{name}", name)


def group_link(source_name: str, key: str | None = None, *, id: str | None = None) -> GroupLink:
    """The link of `group(source_name)`, as it was called then, to a target group, by default of the same name."""
    return GroupLink(id or f"g-{source_name}", key or group_key(source_name), source_name)


def project(key: str = "ENG", led_by: str = "ada", **more: Any) -> Lead:
    """A project that an account leads, and what is told of its roles."""
    return Lead("project", key, key, f"Project {key}", led_by, **more)


def component(id: str = "10", led_by: str = "ada", **more: Any) -> Lead:
    """A component of project ENG that is named Engine, unless told otherwise."""
    return Lead("component", id, **{"project": "ENG", "name": "Engine", "account_key": led_by} | more)


def managed(account_name: str = "ada", group_key: str = "staff") -> ManagedMembership:
    """A membership that manciple added."""
    return ManagedMembership(f"a-{account_name}", group_key)


def world(
    *,
    users: Iterable[SourceUser] = (),
    groups: Iterable[SourceGroup] = (),
    accounts: Iterable[Account] = (),
    target_groups: Iterable[TargetGroup] = (),
    links: Iterable[Link] = (),
    managed: Iterable[ManagedMembership] = (),
    capabilities: Capabilities | None = None,
    touched_groups: Iterable[str] | None = None,
    target_complete: bool = True,
    probes: Probes = NO_PROBES,
    group_links: Iterable[GroupLink] | None = None,
    **more: Any,
) -> World:
    """A world with Confluence's rules for names unless told otherwise.

    Living IdP groups are linked to the target groups of their names unless links are given; `more` are further fields.
    """
    groups, target_groups = tuple(groups), tuple(target_groups)
    return World(
        users=tuple(users),
        groups=groups,
        accounts=tuple(accounts),
        target_groups=target_groups,
        group_links=tuple(_alike(groups, target_groups) if group_links is None else group_links),
        links=tuple(links),
        managed=frozenset(managed),
        capabilities=capabilities or Capabilities(names=CONFLUENCE),
        probes=probes,
        touched_groups=None if touched_groups is None else frozenset(touched_groups),
        target_complete=target_complete,
        **more,
    )


def _alike(groups: Iterable[SourceGroup], target_groups: Iterable[TargetGroup]) -> Iterator[GroupLink]:
    keys = {target_group.key for target_group in target_groups}
    for each in groups:
        if not each.deleted and group_key(each.display_name) in keys:
            yield GroupLink(each.id, group_key(each.display_name), each.display_name)


def planned(world: World, users: UserRules | None = None, groups: GroupRules | None = None) -> Plan:
    """The plan, with default rules where none are given."""
    return plan(world, TargetRules(users or UserRules(), groups or GroupRules()))


def steps(plan: Plan) -> list[str]:
    """The changes in words: `add-member ada staff`."""
    return [" ".join(filter(None, (change.kind, change.account, change.group))) for change in plan.changes]


def kinds(plan: Plan) -> list[tuple[str, str]]:
    """The conflicts as (kind, subject)."""
    return [(conflict.kind, conflict.subject) for conflict in plan.conflicts]


def only_change(plan: Plan) -> Change:
    """The one change of a plan without conflicts."""
    assert plan.conflicts == ()
    (change,) = plan.changes
    return change


def only_conflict(plan: Plan) -> Conflict:
    """The one conflict of a plan without changes."""
    assert plan.changes == ()
    (conflict,) = plan.conflicts
    return conflict
