"""What holds for every plan, on generated worlds in which everything collides with everything."""

import os
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from core.planning.brakes import held
from core.planning.changes import Change, ChangeKind, Plan
from core.planning.document import plan_hash
from core.planning.globs import matching_glob
from core.planning.names import group_key
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.values import TargetGroup, World

from .applying import applied
from .limiting import fed_keys, limited
from .reference import Reference, expected, told
from .reference_brakes import Brakes
from .reference_undone import takes_back
from .world_rules import rules
from .worlds import worlds

SEARCH = int(os.environ.get("MANCIPLE_EXAMPLES", "0"))
MODEST = settings(max_examples=SEARCH or 150, deadline=None)
IDS = st.frozensets(st.sampled_from(("u0", "u1", "u2", "u3", "g0", "g1", "g2")), max_size=3)
TAKING = {
    ChangeKind.DEACTIVATE_ACCOUNT,
    ChangeKind.DELETE_ACCOUNT,
    ChangeKind.DELETE_GROUP,
    ChangeKind.REMOVE_MEMBER,
    ChangeKind.MOVE_LEAD,
}
FREEING = {ChangeKind.RENAME_ACCOUNT, ChangeKind.DELETE_ACCOUNT, ChangeKind.RENAME_GROUP}
"""What makes a name free, or takes one, so that the next plan may do more."""
ROUNDS = 6


def shuffled(world: World, seed: int) -> World:
    """The same world, its parts in another order."""
    random = Random(seed)
    return replace(
        world,
        users=tuple(random.sample(world.users, len(world.users))),
        groups=tuple(random.sample(world.groups, len(world.groups))),
        accounts=tuple(random.sample(world.accounts, len(world.accounts))),
        target_groups=tuple(random.sample(world.target_groups, len(world.target_groups))),
        links=tuple(random.sample(world.links, len(world.links))),
        group_links=tuple(random.sample(world.group_links, len(world.group_links))),
        leads=world.leads and tuple(random.sample(world.leads, len(world.leads))),
        undone=tuple(random.sample(world.undone, len(world.undone))),
    )


@MODEST
@given(worlds(), rules(), st.integers(0, 99))
def test_the_order_of_the_world_s_parts_does_not_show(world: World, rules: TargetRules, seed: int) -> None:
    first, second = plan(world, rules), plan(shuffled(world, seed), rules)
    assert first == second
    assert plan_hash(first) == plan_hash(second)


@MODEST
@given(worlds(), rules())
def test_every_premise_holds_in_its_turn_and_applying_plans_comes_to_an_end(world: World, rules: TargetRules) -> None:
    for _ in range(ROUNDS):
        world = applied(world, made := plan(world, rules))
        if not made.changes:
            return
    raise AssertionError("always something to do")


@MODEST
@given(worlds(), rules())
def test_applying_a_plan_leaves_nothing_to_do(world: World, rules: TargetRules) -> None:
    """Unless it made a name free or gave one away: who waited for that has his turn in the next plan.

    Nobody leads anything, and no target group is gone that was linked: both may wait for what a plan makes, too. Nobody
    was new before: what is given to who is new is not taken away in the meantime, whoever gave it.
    """
    keys = {group.key for group in world.target_groups}
    linked = tuple(link for link in world.group_links if link.group_key in keys)
    known = tuple(replace(link, is_new=False) for link in world.links)
    world = replace(world, group_links=linked, links=known, leads=())
    made = plan(world, rules)
    if any(map(_opens_a_way, made.changes)):
        return
    assert plan(applied(world, made), rules).changes == ()


def _opens_a_way(change: Change) -> bool:
    """A name is free or taken, or a default group is there that the IdP's groups wait for."""
    is_default = change.kind == ChangeKind.CREATE_GROUP and change.because.rule.startswith("groups.default")
    return change.kind in FREEING or is_default


@settings(max_examples=SEARCH or 600, deadline=None)
@given(worlds(), rules())
def test_the_plan_is_the_slow_reference_s(world: World, rules: TargetRules) -> None:
    made, reference = plan(world, rules), Reference(world, rules)
    assert {expected(change) for change in made.changes} == reference.changes()
    assert {told(conflict) for conflict in made.conflicts} == reference.conflicts()


@settings(max_examples=SEARCH or 250, deadline=None)
@given(worlds(), rules(), IDS)
def test_a_plan_for_touched_keys_decides_the_same_for_them_as_the_full_plan(
    world: World, rules: TargetRules, touched: frozenset[str]
) -> None:
    """Who is yet to be linked is touched: until then nobody can know that the groups of an account are a user's.

    Nobody leads anything: a successor may leave in the full plan, of whom the plan for some keys knows nothing. And the
    default groups are there: the full plan may give their names to others, whom the plan for some keys does not see.
    """
    world = with_default_groups(replace(world, leads=()), rules)
    full = plan(world, rules)
    touched |= {change.user_id or "" for change in full.changes if change.kind == ChangeKind.LINK_ACCOUNT}
    groups = touched & {group.id for group in world.groups}
    part = plan(limited(world, rules, touched - groups, groups), rules)
    assert {change.key.lower() for change in part.changes} <= {change.key.lower() for change in full.changes}
    keys = fed_keys(world, rules, groups) if rules.groups.mode != "manual" else set()
    assert about(part, touched, keys) == about(full, touched, keys)


def with_default_groups(world: World, rules: TargetRules) -> World:
    """The same world, its target with all default groups."""
    names = {group_key(name): name for name in (*rules.groups.default_for_all, *rules.groups.default_for_new)}
    missing = names.keys() - {group.key for group in world.target_groups}
    made = [TargetGroup(names[key], key) for key in sorted(missing)]
    return replace(world, target_groups=(*world.target_groups, *made))


def about(plan: Plan, touched: frozenset[str], keys: set[str]) -> tuple[list[Change], set[tuple[str, str]]]:
    """The changes and conflicts of touched users and groups; texts of conflicts may differ with what else is known.

    So may the spelling of a group's name that is not there yet: of several rules that name it the first decides.
    """
    changes = [
        replace(change, group=change.group and change.group.lower())
        for change in plan.changes
        if _is_about(change, touched, keys)
    ]
    subjects = {f"{'user' if id.startswith('u') else 'group'}:{id}" for id in touched}
    return changes, {(kind, subject) for kind, subject in map(told, plan.conflicts) if subject in subjects}


def _is_about(change: Change, touched: frozenset[str], keys: set[str]) -> bool:
    """Default groups are about users: whom they are given to does not follow from the groups that were touched."""
    is_membership = change.kind in (ChangeKind.ADD_MEMBER, ChangeKind.REMOVE_MEMBER)
    is_membership &= not change.because.rule.startswith("groups.default")
    if change.user_id in touched or (is_membership and (change.group or "").lower() in keys):
        return True
    return change.user_id is None and change.because.group_id in touched


@MODEST
@given(worlds(), rules(), st.booleans())
def test_nothing_is_taken_away_after_an_incomplete_read(world: World, rules: TargetRules, of_source: bool) -> None:
    made = plan(replace(world, target_complete=of_source, source_complete=not of_source), rules)
    assert not TAKING & {change.kind for change in made.changes}
    assert of_source or all(conflict.kind != "C06" for conflict in made.conflicts)
    assert any("broke off" in note for note in made.notes)


@MODEST
@given(worlds(), rules())
def test_nothing_is_done_to_what_is_protected(world: World, rules: TargetRules) -> None:
    for change in plan(world, rules).changes:
        names = [change.after.get("name")] if change.kind != ChangeKind.LINK_GROUP else []
        assert not any(
            matching_glob(rules.users.protect, str(name)) for name in (*names, change.account) if change.account
        )
        if change.kind != ChangeKind.LINK_GROUP and change.account is None:
            assert not any(matching_glob(rules.groups.protect, str(name)) for name in (*names, change.group))
        assert change.kind == ChangeKind.LINK_GROUP or not matching_glob(rules.groups.protect, change.group or "")


@MODEST
@given(worlds(), rules())
def test_every_change_says_why_and_every_conflict_what_it_is_about(world: World, rules: TargetRules) -> None:
    made = plan(world, rules)
    for change in made.changes:
        assert change.because.text.strip()
        assert change.because.rule.startswith(("users.", "groups."))
        assert change.because.user_id == change.user_id
        assert change.before != change.after
    for conflict in made.conflicts:
        assert conflict.title.strip()
        assert conflict.explanation.endswith(".")
        assert len({answer.key for answer in conflict.resolutions}) == len(conflict.resolutions) > 1


@MODEST
@given(worlds(), rules())
def test_changes_and_conflicts_are_told_apart_by_their_keys(world: World, rules: TargetRules) -> None:
    made = plan(world, rules)
    assert len({change.key for change in made.changes}) == len(made.changes)
    assert len({(conflict.kind, conflict.subject) for conflict in made.conflicts}) == len(made.conflicts)


@MODEST
@given(worlds(), rules())
def test_a_user_with_a_conflict_is_not_changed(world: World, rules: TargetRules) -> None:
    made = plan(world, rules)
    # What somebody else takes back again and again waits by itself: all else of its user goes on.
    waiting = {conflict.user_id for conflict in made.conflicts if conflict.user_id and conflict.kind != "C41"}
    assert not waiting & {change.user_id for change in made.changes}


@MODEST
@given(worlds(), rules())
def test_what_an_admin_has_undone_is_not_done_again_until_the_idp_says_something_new(
    world: World, rules: TargetRules
) -> None:
    for change in plan(world, rules).changes:
        for undone in world.undone:
            is_new = (change.because.exchange or 0) > undone.seen
            assert is_new or not takes_back(expected(change), undone.change)


@MODEST
@given(worlds(), rules())
def test_brakes_hold_whole_classes_and_what_goes_is_all_that_is_not_held(world: World, rules: TargetRules) -> None:
    made = plan(world, rules)
    brakes = Brakes(world, rules.brakes, made)
    assert {(hold.brake, frozenset(hold.keys), hold.approvable) for hold in made.holds} == brakes.holds()
    assert held(made) == brakes.held()
    going = [change for change in made.changes if change.key not in held(made)]
    assert Brakes(world, rules.brakes, replace(made, changes=tuple(going))).holds() == set()
