"""Both sides of a mapping in numbers, and what a name means there."""

from dataclasses import replace

import pytest

from core.planning.lookup import lookup
from core.planning.plan import plan
from core.planning.rules import GroupMap, GroupRules, TargetRules
from core.planning.values import (
    Account,
    Capabilities,
    GroupLink,
    Link,
    NameRules,
    SourceGroup,
    SourceUser,
    TargetGroup,
    Totals,
    World,
)
from tui.screens.group_sync_sides import Delta, Sides, idp_meaning, map_key, sides, target_meaning

GROUPS = (
    SourceGroup("g1", "Engineering"),
    SourceGroup("g2", "Wiki Editors", parents=frozenset({"g1"})),
    SourceGroup("g3", "Sales"),
    SourceGroup("g4", "Gone", deleted=True),
    SourceGroup("g5", "Twice"),
    SourceGroup("g6", "twice"),
)
IN = {"ada": {"g1"}, "bob": {"g2"}, "cara": {"g3"}, "zoe": {"g1"}}


def user(name: str) -> SourceUser:
    attributes = {"userName": name, "displayName": name, "emails.work": f"{name}@x"}
    return SourceUser(name, name, name != "zoe", attributes, frozenset(IN[name]))


WORLD = World(
    users=tuple(user(name) for name in IN),
    groups=GROUPS,
    accounts=tuple(Account(f"a-{n}", n, n, n, f"{n}@x", True, frozenset({"staff"})) for n in IN if n != "zoe"),
    target_groups=(TargetGroup("Staff", "staff"), TargetGroup("Empty", "empty")),
    links=tuple(Link(n, f"a-{n}", n) for n in IN if n != "zoe"),
    managed=frozenset(),
    capabilities=Capabilities(names=NameRules(forbidden_in_group_name="/")),
    totals=Totals(members={"staff": 40}),
)


def of(*maps: GroupMap, world: World = WORLD, nested: bool = True, creates: bool = False) -> Sides:
    groups = GroupRules("manual", "flatten" if nested else "ignore", map=maps, create_missing=creates)
    rules = TargetRules(groups=groups)
    return sides(lookup(world), rules, plan(world, rules))


def test_members_of_an_idp_group_are_its_active_users_with_those_of_groups_inside_it() -> None:
    assert [(each.name, each.members) for each in of().idp][:4] == [
        ("Engineering", 2),
        ("Sales", 1),
        ("Twice", 0),
        ("twice", 0),
    ]
    assert of(nested=False).idp[0].members == 1


def test_members_of_a_target_group_are_as_counted_and_unknown_where_they_never_were() -> None:
    assert [(each.name, each.members) for each in of().targets] == [("Empty", None), ("Staff", 40)]


def test_a_mapping_adds_whom_its_groups_put_in_and_takes_out_who_is_in_none_of_them() -> None:
    adding = GroupMap(("Engineering",), ("Empty",))
    strict = GroupMap(("Sales",), ("staff",), keep_existing_members=False)
    found = of(adding, strict)
    assert found.deltas[map_key(["engineering"], ["EMPTY"])] == Delta(2, 0)
    assert found.deltas[map_key(["Sales"], ["Staff"])] == Delta(0, 2)
    assert [(each.name, each.added, each.removed) for each in found.targets] == [("Empty", 2, 0), ("Staff", 0, 2)]


def test_who_two_mappings_put_into_one_group_counts_for_both() -> None:
    maps = (GroupMap(("Engineering",), ("Empty",)), GroupMap(("*",), ("Empty",)))
    found = of(*maps)
    assert found.deltas[map_key(["Engineering"], ["Empty"])] == Delta(2, 0)
    assert found.deltas[map_key(["*"], ["Empty"])] == Delta(3, 0)


def test_a_group_that_is_followed_under_another_name_counts_for_its_mapping() -> None:
    world = replace(WORLD, group_links=(GroupLink("g3", "empty", "Vendite"),))
    found = of(GroupMap(("Vendite",), ("Empty",)), world=world)
    assert found.deltas[map_key(["Vendite"], ["Empty"])] == Delta(1, 0)


def test_what_the_plan_says_of_a_group_that_is_not_there_is_kept() -> None:
    found = of(GroupMap(("Sales",), ("New",)))
    assert found.new["new"].problems == ("C24 There is no group 'New' at the target",)
    assert of(GroupMap(("Sales",), ("New",)), creates=True).new["new"].added == 1


@pytest.mark.parametrize(
    ("name", "sign", "members", "text"),
    [
        ("sales", " ", 1, "1 member"),
        ("Wiki *", "*", 1, "matches 1 group: Wiki Editors"),
        ("*", "*", 4, "matches 5 groups: Engineering, Sales, Twice, …"),
        ("Nix *", "!", None, "matches no group"),
        ("Gone", "!", None, "is not there"),
        ("Twice", "!", 0, "2 groups have this name"),
    ],
)
def test_what_a_name_means_at_the_identity_provider(name: str, sign: str, members: int | None, text: str) -> None:
    meaning = idp_meaning(name, of())
    assert (meaning.sign, meaning.members, meaning.text) == (sign, members, text)


@pytest.mark.parametrize(
    ("name", "creates", "sign", "text"),
    [
        ("STAFF", False, " ", "40 members"),
        ("Empty", False, " ", "members not read yet"),
        ("New", True, "+", "is created"),
        ("New", False, "!", "is not there, and Create missing is off"),
        ("a/b", True, "!", "the product refuses the name: it contains /"),
    ],
)
def test_what_a_name_means_at_the_target(name: str, creates: bool, sign: str, text: str) -> None:
    meaning = target_meaning(name, of(), creates=creates)
    assert (meaning.sign, meaning.text) == (sign, text)
