"""`groups.nested`: members of groups inside groups, and groups that are inside each other."""

from collections.abc import Iterable

import pytest

from core.planning.lookup import lookup
from core.planning.nesting import cycles, effective_groups
from core.planning.rules import GroupRules, Nesting
from core.planning.values import SourceGroup

from .building import account, group, link, managed, only_change, planned, steps, target_group, user, world


def effective(groups: Iterable[SourceGroup], nesting: Nesting = "flatten") -> list[str]:
    """Ids of the groups that a direct member of `g-A` is in."""
    tables = lookup(world(users=[user(groups=["g-A"])], groups=groups))
    return sorted(effective_groups(tables, nesting)["u-ada"])


def paths(*groups: SourceGroup) -> list[str]:
    """The cycles by name."""
    return [" > ".join(each.display_name for each in cycle) for cycle in cycles(lookup(world(groups=groups)))]


def test_nested_flatten_puts_members_into_every_group_around_theirs() -> None:
    assert effective([group("A", parents=["g-B"]), group("B", parents=["g-C"]), group("C"), group("D")]) == [
        "g-A",
        "g-B",
        "g-C",
    ]


def test_nested_ignore_counts_direct_members_alone() -> None:
    assert effective([group("A", parents=["g-B"]), group("B")], "ignore") == ["g-A"]


def test_a_group_reached_on_two_ways_counts_once() -> None:
    diamond = [group("A", parents=["g-B", "g-C"]), group("B", parents=["g-D"]), group("C", parents=["g-D"]), group("D")]
    assert effective(diamond) == ["g-A", "g-B", "g-C", "g-D"]


@pytest.mark.parametrize("nesting", ["flatten", "ignore"])
def test_a_deleted_group_and_an_unknown_one_count_for_nothing(nesting: Nesting) -> None:
    assert effective([group("A", deleted=True)], nesting) == []
    assert effective([], nesting) == []


def test_a_deleted_group_cuts_the_chain() -> None:
    cut = [group("A", parents=["g-B", "g-gone"]), group("B", parents=["g-C"], deleted=True), group("C")]
    assert effective(cut) == ["g-A"]


def test_groups_in_a_cycle_have_the_same_members() -> None:
    assert effective([group("A", parents=["g-B"]), group("B", parents=["g-A"])]) == ["g-A", "g-B"]


def test_without_nesting_users_keep_the_sets_they_came_with() -> None:
    """A million memberships are not held twice."""
    member = user(groups=["g-A"])
    found = effective_groups(lookup(world(users=[member], groups=[group("A")])), "flatten")
    assert found["u-ada"] is member.groups


# Cycles


def test_a_cycle_is_told_from_its_smallest_id_on() -> None:
    assert paths(group("C", parents=["g-A"]), group("A", parents=["g-B"]), group("B", parents=["g-C"])) == ["A > B > C"]


def test_a_group_inside_itself_is_a_cycle() -> None:
    assert paths(group("A", parents=["g-A"])) == ["A"]


def test_groups_without_cycle_have_none_however_they_are_nested() -> None:
    assert paths(group("A", parents=["g-B", "g-C"]), group("B", parents=["g-C"]), group("C")) == []


def test_a_deleted_group_closes_no_cycle() -> None:
    assert paths(group("A", parents=["g-B"]), group("B", parents=["g-A"], deleted=True)) == []


def test_separate_cycles_are_told_each_even_where_one_leads_to_the_other() -> None:
    found = paths(
        group("A", parents=["g-B", "g-X"]),
        group("B", parents=["g-A"]),
        group("X", parents=["g-Y"]),
        group("Y", parents=["g-X"]),
    )
    assert sorted(found) == ["A > B", "X > Y"]


def test_a_long_chain_is_walked_without_recursion() -> None:
    names = [f"{number:05}" for number in range(5000)]
    chain = [group(name, parents=[f"g-{after}"]) for name, after in zip(names, [*names[1:], names[0]], strict=True)]
    (cycle,) = cycles(lookup(world(groups=chain)))
    assert [each.display_name for each in cycle] == names


# In a plan


def test_nested_flatten_adds_members_through_their_group_and_says_so() -> None:
    known = world(
        users=[user(groups=["g-Team"])],
        groups=[group("Team", parents=["g-Staff"]), group("Staff")],
        accounts=[account(groups=["team"])],
        target_groups=[target_group("Team"), target_group("Staff")],
        links=[link()],
    )
    change = only_change(planned(known))
    assert (change.kind, change.group, change.because.group_id) == ("add-member", "Staff", "g-Staff")
    assert change.because.text == "IdP group 'Staff' has this user as a member through 'Team'"
    assert planned(known, groups=GroupRules(nested="ignore")).changes == ()


def test_who_is_a_direct_member_too_is_told_as_such() -> None:
    known = world(
        users=[user(groups=["g-Team", "g-Staff"])],
        groups=[group("Team", parents=["g-Staff"]), group("Staff")],
        accounts=[account(groups=["team"])],
        target_groups=[target_group("Team"), target_group("Staff")],
        links=[link()],
    )
    assert only_change(planned(known)).because.text == "IdP group 'Staff' has this user as a member"


def test_members_of_a_group_that_left_another_leave_its_target_group() -> None:
    known = world(
        users=[user(groups=["g-Team"])],
        groups=[group("Team"), group("Staff")],
        accounts=[account(groups=["team", "staff"])],
        target_groups=[target_group("Team"), target_group("Staff")],
        links=[link()],
        managed=[managed(group_key="team"), managed()],
    )
    assert steps(planned(known)) == ["remove-member ada Staff"]


def test_a_plan_for_touched_users_has_the_groups_around_theirs() -> None:
    groups = [group("Team", parents=["g-Staff"]), group("Staff"), group("Other")]
    known = world(users=[user(groups=["g-Team"])], groups=groups, accounts=[account()], links=[link()])
    touched = world(
        users=known.users, groups=known.groups, accounts=known.accounts, links=known.links, touched_groups=[]
    )
    assert steps(planned(touched)) == [
        "create-group Staff",
        "create-group Team",
        "add-member ada Staff",
        "add-member ada Team",
    ]


def test_a_cycle_is_a_note_with_its_path() -> None:
    known = world(groups=[group("A", parents=["g-B"]), group("B", parents=["g-A"])])
    (note,) = planned(known).notes
    assert note == "IdP groups inside each other, so that all of them have the same members: 1 cycle (A > B > A)."
    assert planned(known, groups=GroupRules(nested="ignore")).notes == ()


def test_cycles_are_counted_in_good_english() -> None:
    twice = [group("A", parents=["g-A"]), group("B", parents=["g-B"])]
    (note,) = planned(world(groups=twice)).notes
    assert note.endswith(": 2 cycles (A > A, B > B).")
