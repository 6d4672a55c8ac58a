"""Explanations of groups and memberships: each rule says what the plan does."""

from dataclasses import replace

from hypothesis import given, settings

from core.planning.changes import ChangeKind
from core.planning.explaining import Basis, Step, basis, coming_for_user
from core.planning.explaining_groups import coming_for_group, explain_group
from core.planning.explaining_memberships import coming_for_membership, explain_membership, explain_memberships
from core.planning.explaining_users import explain_user
from core.planning.rules import (
    GroupMap,
    GroupRules,
    OnTheFly,
    TargetRules,
    UserRules,
)
from core.planning.values import Link, World

from .building import account, group, group_link, link, managed, target_group, user, world
from .world_rules import rules
from .worlds import worlds


def decided(world: World, users: UserRules | None = None, groups: GroupRules | None = None) -> Basis:
    return basis(world, TargetRules(users or UserRules(), groups or GroupRules()))


def about(steps: tuple[Step, ...], rule: str) -> list[tuple[str, str]]:
    """Verdict and text of the steps of one rule."""
    return [(step.verdict, step.text) for step in steps if step.rule == rule]


def one(steps: tuple[Step, ...], rule: str) -> tuple[str, str]:
    (step,) = about(steps, rule)
    return step


LINKED = world(users=[user(exchange=7)], accounts=[account()], links=[link()])
STAFF = replace(LINKED, users=(user(groups=["g-Staff"]),), groups=(group(),), target_groups=(target_group(),))


def test_a_membership_says_which_group_gives_it_and_through_which() -> None:
    nested = replace(
        STAFF,
        users=(user(groups=["g-A"]),),
        groups=(group("A", parents=["g-Staff"]), group()),
    )
    steps = explain_membership(decided(nested), "u-ada", "staff")
    told = "IdP group 'Staff' has this user as a member through 'A', and feeds it."
    assert one(steps, "groups.on_the_fly") == ("yes", told)
    assert one(steps, "member") == ("no", "'ada' is not in it.")
    (step, *_) = coming_for_membership(decided(nested), "u-ada", "staff")
    assert step.text.startswith("add-member ada Staff: ")


def test_a_membership_that_nothing_gives_says_so_and_what_would_end_it() -> None:
    left = replace(STAFF, users=(user(),), accounts=(account(groups=["staff"]),), managed=frozenset({managed()}))
    steps = explain_membership(decided(left), "u-ada", "staff")
    text = "IdP group 'Staff' feeds it, and does not have this user as a member."
    assert one(steps, "groups.on_the_fly") == ("no", text)
    assert one(steps, "member") == ("yes", "'ada' is in it; manciple added it.")
    assert one(steps, "groups") == ("yes", "It is taken out once no rule gives the membership any more.")


def test_keep_existing_groups_says_whether_a_membership_of_others_stays() -> None:
    there = replace(STAFF, users=(user(),), accounts=(account(groups=["staff"]),))
    rule = "groups.on_the_fly.keep_existing_groups"
    kept = explain_membership(decided(there), "u-ada", "staff")
    assert one(kept, rule) == ("yes", "It stays, since manciple did not add it.")
    ended = explain_membership(
        decided(there, groups=GroupRules(on_the_fly=OnTheFly(keep_existing_groups=False))), "u-ada", "staff"
    )
    assert one(ended, rule) == ("no", "It is off: no membership stays by itself.")


def test_a_group_that_exclude_names_says_which_pattern_stands_in_the_way() -> None:
    out = decided(STAFF, groups=GroupRules(on_the_fly=OnTheFly(exclude=("St*",))))
    told = ("no", "'St*' names 'Staff': it is not mapped.")
    assert one(explain_group(out, "staff"), "groups.on_the_fly.exclude") == told
    assert one(explain_membership(out, "u-ada", "staff"), "groups.on_the_fly.exclude") == told


def test_match_says_which_name_it_makes() -> None:
    made = decided(STAFF, groups=GroupRules(on_the_fly=OnTheFly(match="^", replace="x-")))
    steps = explain_group(made, "x-")
    assert one(steps, "groups.on_the_fly.match") == ("yes", "'^' makes 'x-' of 'Staff'.")
    assert one(steps, "groups.on_the_fly.create_missing") == ("yes", "The group is not at the target.")


def test_a_group_that_was_renamed_says_that_it_is_followed_by_its_id() -> None:
    renamed = replace(STAFF, groups=(group("Team", id="g-Staff"),), group_links=(group_link("Staff"),))
    told = "'Team' feeds 'Staff', which it is linked to by its id."
    assert one(explain_group(decided(renamed), "staff"), "groups.on_the_fly") == ("yes", told)


def test_a_mapping_says_what_it_takes_and_what_feeds_the_group() -> None:
    maps = (GroupMap(("Staff", "x-*"), ("wiki-users",), keep_existing_members=False),)
    found = decided(STAFF, groups=GroupRules(mode="manual", map=maps, create_missing=True))
    assert about(explain_group(found, "wiki-users"), "groups.map") == [
        ("yes", "It takes the members of 'Staff', all that 'x-*' matches, and keeps nobody else."),
        ("yes", "IdP groups that feed it: Staff."),
    ]
    assert about(explain_group(found, "other"), "groups.map")[0] == (
        "no",
        "No [[target.groups.map]] names it as a target.",
    )


def test_default_groups_say_whether_they_are_for_this_account() -> None:
    named = GroupRules(default_for_all=("Staff",), default_for_new=("Staff",))
    steps = explain_membership(decided(STAFF, groups=named), "u-ada", "staff")
    assert one(steps, "groups.default_for_all") == ("yes", "It names this group.")
    assert one(steps, "groups.default_for_new")[0] == "n/a"
    new = decided(replace(STAFF, links=(Link("u-ada", "a-ada", "ada", is_new=True),)), groups=named)
    assert one(explain_membership(new, "u-ada", "staff"), "groups.default_for_new")[0] == "yes"


def test_mode_off_says_that_groups_are_left_alone() -> None:
    off = decided(STAFF, groups=GroupRules(mode="off"))
    assert one(explain_group(off, "staff"), "groups.mode")[0] == "no"
    assert one(explain_membership(off, "u-ada", "staff"), "groups.mode")[0] == "no"


def test_all_memberships_of_an_account_are_told_with_what_gives_each() -> None:
    more = replace(STAFF, accounts=(account(groups=["local"]),), target_groups=(target_group(), target_group("Local")))
    assert [step.text for step in explain_memberships(decided(more), "u-ada")] == [
        "In 'Local': no rule gives it.",
        "Not yet in 'Staff': IdP group 'Staff' has this user as a member, and feeds it.",
    ]


def test_what_comes_for_a_group_counts_its_members() -> None:
    (link_step, add) = coming_for_group(decided(replace(STAFF, group_links=())), "staff")
    assert link_step.text.startswith("link-group Staff: ")
    assert add == Step("groups.on_the_fly", "yes", "Adds 1 member: ada.")


@settings(max_examples=300, deadline=None)
@given(worlds(), rules())
def test_what_a_plan_does_to_a_membership_is_what_its_rules_say(world: World, rules: TargetRules) -> None:
    found = basis(world, rules)
    keys = {(group.name, group.key) for group in world.target_groups}
    added = {(c.user_id, c.group) for c in found.plan.changes if c.kind == ChangeKind.ADD_MEMBER}
    removed = {(c.user_id, c.group) for c in found.plan.changes if c.kind == ChangeKind.REMOVE_MEMBER}
    for each in world.users:
        explain_user(found, each.id)
        coming_for_user(found, each.id)
        for name, key in keys:
            explain_group(found, key)
            steps = explain_membership(found, each.id, key)
            giving = ("groups.on_the_fly", "groups.map", "groups.default_for_all", "groups.default_for_new")
            is_given = any(step.verdict == "yes" and step.rule in giving for step in steps)
            assert is_given or (each.id, name) not in added
            is_ended = not is_given or each.deleted
            assert is_ended or (each.id, name) not in removed
