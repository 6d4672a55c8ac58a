"""What holds for every plan, on generated worlds in which everything collides with everything."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from core.planning.changes import Change, ChangeKind, Plan
from core.planning.document import plan_hash
from core.planning.globs import matching_glob
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.values import World

from .applying import applied
from .limiting import limited
from .reference import Reference, expected
from .worlds import rules, worlds

MODEST = settings(max_examples=150, deadline=None)
IDS = st.frozensets(st.sampled_from(("u0", "u1", "u2", "g0", "g1", "g2")), max_size=3)


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
    )


@MODEST
@given(worlds(), rules(), st.integers(0, 99))
def test_the_order_of_the_world_s_parts_does_not_show(world: World, rules: TargetRules, seed: int) -> None:
    first, second = plan(world, rules), plan(shuffled(world, seed), rules)
    assert first == second
    assert plan_hash(first) == plan_hash(second)


@MODEST
@given(worlds(), rules())
def test_every_premise_holds_in_its_turn_and_applying_a_plan_leaves_nothing_to_do(
    world: World, rules: TargetRules
) -> None:
    assert plan(applied(world, plan(world, rules)), rules).changes == ()


@settings(max_examples=400, deadline=None)
@given(worlds(), rules(), st.none() | IDS, st.frozensets(st.sampled_from(("ada", "bob", "eve"))))
def test_the_plan_is_the_slow_reference_s(
    world: World, rules: TargetRules, touched: frozenset[str] | None, taken: frozenset[str]
) -> None:
    world = replace(world, touched_groups=touched, taken_names=taken)
    made, reference = plan(world, rules), Reference(world, rules)
    assert {expected(change) for change in made.changes} == reference.changes()
    assert {(conflict.kind, conflict.subject) for conflict in made.conflicts} == reference.conflicts()


@settings(max_examples=250, deadline=None)
@given(worlds(), rules(), IDS)
def test_a_plan_for_touched_keys_decides_the_same_for_them_as_the_full_plan(
    world: World, rules: TargetRules, touched: frozenset[str]
) -> None:
    """Who is yet to be linked is touched: until then nobody can know that the groups of an account are a user's."""
    full = plan(world, rules)
    touched |= {change.user_id or "" for change in full.changes if change.kind == ChangeKind.LINK_ACCOUNT}
    groups = frozenset(id for id in touched if id.startswith("g"))
    part = plan(limited(world, rules, touched - groups, groups), rules)
    assert {change.key for change in part.changes} <= {change.key for change in full.changes}
    assert about(part, world, touched) == about(full, world, touched)


def about(plan: Plan, world: World, touched: frozenset[str]) -> tuple[list[Change], set[tuple[str, str]]]:
    """The changes and conflicts of touched users and groups; texts of conflicts may differ with what else is known."""
    names = {group.display_name.strip().lower() for group in world.groups if group.id in touched}
    changes = [c for c in plan.changes if c.user_id in touched or (c.group or "").lower() in names]
    subjects = {f"{'user' if id.startswith('u') else 'group'}:{id}" for id in touched}
    told = {(c.kind, c.subject) for c in plan.conflicts if c.subject in subjects}
    return changes, told


@MODEST
@given(worlds(), rules())
def test_nothing_is_taken_away_after_an_incomplete_read(world: World, rules: TargetRules) -> None:
    made = plan(replace(world, target_complete=False), rules)
    assert not {ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.REMOVE_MEMBER} & {change.kind for change in made.changes}
    assert all(conflict.kind != "C06" for conflict in made.conflicts)
    assert any("broke off" in note for note in made.notes)


@MODEST
@given(worlds(), rules())
def test_nothing_is_done_to_what_is_protected(world: World, rules: TargetRules) -> None:
    for change in plan(world, rules).changes:
        assert not matching_glob(rules.users.protect, change.account or "")
        assert not matching_glob(rules.groups.protect, change.group or "")


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
    waiting = {conflict.user_id for conflict in made.conflicts if conflict.user_id}
    assert not waiting & {change.user_id for change in made.changes}
