"""What holds for every plan, on generated worlds in which everything collides with everything."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from core.planning.changes import ChangeKind
from core.planning.document import plan_hash
from core.planning.globs import matching_glob
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.values import World

from .applying import applied
from .reference import Reference, expected, told
from .world_rules import rules
from .worlds import worlds

ROUNDS = 4
"""Plans after which nothing is left to do."""
MODEST = settings(max_examples=150, deadline=None)


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
def test_every_premise_holds_in_its_turn_and_applying_plans_soon_leaves_nothing_to_do(
    world: World, rules: TargetRules
) -> None:
    """Mostly at once; a name that a rename frees is taken by the next plan, and may free another."""
    for _ in range(ROUNDS):
        made = plan(world, rules)
        if not made.changes:
            return
        world = applied(world, made)
    assert plan(world, rules).changes == ()


@settings(max_examples=400, deadline=None)
@given(worlds(), rules(), st.frozensets(st.sampled_from(("ada", "bob", "eve"))))
def test_the_plan_is_the_slow_reference_s(world: World, rules: TargetRules, taken: frozenset[str]) -> None:
    """Plans for touched keys are held against whole ones in `tests/core/apply/test_worlds.py`."""
    world = replace(world, taken_names=taken)
    made, reference = plan(world, rules), Reference(world, rules)
    assert {expected(change) for change in made.changes} == reference.changes()
    assert {told(conflict) for conflict in made.conflicts} == reference.conflicts()


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
        if change.kind == ChangeKind.LINK_GROUP:  # nothing is sent, and the group stays as it is
            continue
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
