"""Which changes of a plan need others of it: asked in one place by all that part a plan."""

from dataclasses import replace

import pytest
from hypothesis import given

from core.planning.brakes import held
from core.planning.changes import Change, Plan
from core.planning.changes import ChangeKind as K
from core.planning.dependence import carried, gives, needs, with_dependants
from core.planning.limits import within_limits
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.undone import without_undone
from core.planning.values import Capabilities, Undone, World

from .building import world
from .made import made, moved
from .test_plan_properties import MODEST
from .undoing_runs import ABLE
from .world_rules import rules
from .worlds import worlds

CREATION = replace(made(K.CREATE_ACCOUNT), account_id=None)
BACK = replace(moved("project:A", "bob", "ada"), account="ada")


@pytest.mark.parametrize(
    ("needed", "needing"),
    [
        (made(K.LINK_ACCOUNT), made(K.UPDATE_ACCOUNT)),
        (made(K.LINK_ACCOUNT), made(K.ADD_MEMBER, group="Staff")),
        (CREATION, replace(made(K.ADD_MEMBER, group="Staff"), account_id=None)),
        (made(K.CREATE_GROUP, "Staff"), made(K.ADD_MEMBER, group="Staff")),
        (made(K.CREATE_GROUP, "Staff"), made(K.LINK_GROUP, "Staff", group_id="g-1")),
        (moved("project:A", "ada", "bob"), made(K.DEACTIVATE_ACCOUNT)),
        (moved("project:A", "ada", "bob"), made(K.DELETE_ACCOUNT)),
        (made(K.DEACTIVATE_ACCOUNT), moved("project:A", "ada", "bob")),
        (made(K.DELETE_ACCOUNT), moved("project:A", "ada", "bob")),
        (made(K.REACTIVATE_ACCOUNT), BACK),
        (made(K.REMOVE_MEMBER, group="Staff"), made(K.DELETE_GROUP, "Staff")),
    ],
)
def test_what_needs_another_change_goes_with_it(needed: Change, needing: Change) -> None:
    other = made(K.UPDATE_ACCOUNT, "cyd")
    assert gives(needed) in needs(needing)
    assert with_dependants((needed, needing, other), [needed.key]) == {needed.key, needing.key}


def test_what_others_of_its_kind_need_is_not_needed_of_another_account_or_group() -> None:
    changes = (
        made(K.CREATE_GROUP, "Staff"),
        made(K.ADD_MEMBER, group="Dev"),
        made(K.LINK_ACCOUNT, "bob"),
        moved("project:A", "cyd", "eve"),
        made(K.DEACTIVATE_ACCOUNT, "dan"),
    )
    keys = [change.key for change in changes if change.kind not in (K.ADD_MEMBER, K.DEACTIVATE_ACCOUNT)]
    assert with_dependants(changes, keys) == set(keys)


def test_what_goes_takes_its_own_dependants_along() -> None:
    """Who is not deactivated keeps all that it leads, though only one of these cannot be moved."""
    changes = (moved("project:A", "ada", "bob"), moved("project:B", "ada", "bob"), made(K.DEACTIVATE_ACCOUNT))
    assert with_dependants(changes, [changes[0].key]) == {change.key for change in changes}


def test_why_a_change_goes_is_why_that_goes_which_it_needs() -> None:
    reasons = {K.CREATE_GROUP: "no groups", K.CREATE_ACCOUNT: "no users"}
    changes = [made(K.CREATE_GROUP, "Staff"), CREATION, made(K.ADD_MEMBER, group="Staff"), made(K.UPDATE_ACCOUNT)]
    assert carried(changes, lambda change: reasons.get(change.kind)) == ["no groups", "no users", "no users", None]


@pytest.mark.parametrize("kind", K)
def test_every_kind_of_change_says_what_it_needs(kind: K) -> None:
    assert all(whom is not None for _, whom in needs(made(kind)))


# All that part a plan part it alike


CIRCLE = (moved("project:A", "ada", "bob"), made(K.DEACTIVATE_ACCOUNT))
NEWLY = (made(K.LINK_GROUP, "Staff", group_id="g-1"), made(K.CREATE_GROUP, "Staff"))
EMPTIED = (made(K.REMOVE_MEMBER, group="Staff"), made(K.DELETE_GROUP, "Staff"))


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        (CIRCLE, {"set_active": "No."}),
        (CIRCLE, {"leads": "No."}),
        (NEWLY, {"create_group": "No."}),
        (EMPTIED, {"members": "No."}),
    ],
)
def test_what_the_product_lacks_leaves_out_what_needs_it(changes: tuple[Change, ...], lacking: dict[str, str]) -> None:
    able: Capabilities = replace(ABLE, **lacking)  # type: ignore[arg-type]
    assert within_limits(changes, world(capabilities=able))[0] == ()


@pytest.mark.parametrize(
    ("changes", "undone"),
    [(CIRCLE, BACK), (CIRCLE, made(K.REACTIVATE_ACCOUNT)), (NEWLY, made(K.DELETE_GROUP, "Staff"))],
)
def test_what_was_undone_leaves_out_what_needs_it(changes: tuple[Change, ...], undone: Change) -> None:
    assert without_undone(changes, world(undone=(Undone(undone, 0),)))[0] == ()


@MODEST
@given(worlds(), rules())
def test_nothing_goes_that_needs_what_is_held(world: World, rules: TargetRules) -> None:
    made = plan(world, rules)
    assert going_needs_nothing_of(made, held(made))


def going_needs_nothing_of(plan: Plan, keys: frozenset[str]) -> bool:
    staying = {gives(change) for change in plan.changes if change.key in keys}
    return not any(staying.intersection(needs(change)) for change in plan.changes if change.key not in keys)
