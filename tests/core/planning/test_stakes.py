"""What conflicts turn on: who changes, and thereby frees somebody else, is found to have had or wanted that."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.planning import stakes
from core.planning.changes import Because, Conflict
from core.planning.mapping import map_user
from core.planning.on_the_fly import made_name
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.values import SourceGroup, SourceUser, World

from .test_plan_properties import MODEST
from .world_rules import rules
from .worlds import worlds

WHY = Because("Why not.", "users.username")


def conflicts(world: World, rules: TargetRules) -> Mapping[tuple[str, str], Conflict]:
    return {(conflict.kind, conflict.subject): conflict for conflict in plan(world, rules).conflicts}


def given_up(
    world: World, rules: TargetRules, touched: SourceUser | SourceGroup, open_: Iterable[Conflict]
) -> frozenset[str]:
    """What is looked for when somebody was touched who is now as given."""
    subject = f"{'user' if isinstance(touched, SourceUser) else 'group'}:{touched.id}"
    wanted = stakes.contended(stake for each in open_ if each.subject == subject for stake in each.stakes)
    if isinstance(touched, SourceUser):
        name = next((link.account_name for link in world.links if link.user_id == touched.id), None)
        return wanted | stakes.of_user(touched, map_user(touched, rules.users).username, name)
    made = made_name(touched, rules.groups.on_the_fly) if rules.groups.mode == "on-the-fly" else None
    return wanted | stakes.of_group(touched, made, [link for link in world.group_links if link.group_id == touched.id])


def followed(world: World) -> World:
    """The world as a target is kept: links have the present names of their accounts."""
    names = {account.id: account.name for account in world.accounts}
    links = (replace(link, account_name=names.get(link.account_id, link.account_name)) for link in world.links)
    return replace(world, links=tuple(links))


def below(world: World, before: SourceUser | SourceGroup) -> frozenset[str]:
    """Ids of a group and of those nested in it."""
    found, parents = set[str](), {before.id} if isinstance(before, SourceGroup) else set[str]()
    while parents - found:
        found |= parents
        parents = {group.id for group in world.groups if group.parents & found}
    return frozenset(found)


def assert_found(world: World, rules: TargetRules, before: SourceUser | SourceGroup, after: World, kind: str) -> None:
    """Whoever is freed by a change of one turns on something that this one gave up.

    But for what is protected (C29), and for the members of a group: users are planned with their groups, whatever
    becomes of these.
    """
    was, now = conflicts(world, rules), conflicts(after, rules)
    with_it = {
        f"{kind}:{before.id}",
        *(f"user:{user.id}" for user in world.users if user.groups & below(world, before)),
    }
    touched = next(each for each in (*after.users, *after.groups) if each.id == before.id)
    found = given_up(world, rules, touched, was.values())
    for key in was.keys() - now.keys():
        if key[0] != "C29" and key[1] not in with_it and key[1].startswith(("user:", "group:")):
            assert was[key].stakes & found, key


@MODEST
@given(worlds(), rules(), st.integers(0, 6), st.sampled_from(("deleted", "renamed", "inactive", "active")))
def test_who_is_freed_by_what_becomes_of_a_user_turns_on_what_this_one_had_or_wanted(
    world: World, rules: TargetRules, at: int, how: str
) -> None:
    if at >= len(world.users):
        return
    world = followed(world)
    user = world.users[at]
    changed = {
        "deleted": replace(user, deleted=True, active=False),
        "renamed": replace(
            user, user_name="xena", attributes={**user.attributes, "userName": "xena", "emails.work": "x@x"}
        ),
        "inactive": replace(user, active=False, gone_at=world.now),
        "active": replace(user, active=True, gone_at=None, missed_reads=0),
    }[how]
    after = replace(world, users=tuple(changed if each == user else each for each in world.users))
    assert_found(world, rules, user, after, "user")


@MODEST
@given(worlds(), rules(), st.integers(0, 4), st.sampled_from(("deleted", "renamed", "taken in")))
def test_who_is_freed_by_what_becomes_of_a_group_turns_on_what_this_one_had_or_wanted(
    world: World, rules: TargetRules, at: int, how: str
) -> None:
    if at >= len(world.groups):
        return
    group = world.groups[at]
    changed = {
        "deleted": replace(group, deleted=True),
        "renamed": replace(group, display_name="Xenon"),
        "taken in": replace(group, deleted=False),
    }[how]
    after = replace(world, groups=tuple(changed if each == group else each for each in world.groups))
    assert_found(world, rules, group, after, "group")
