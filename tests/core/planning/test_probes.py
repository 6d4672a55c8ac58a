"""Test users and test groups of an IdP are left out, and the plan says so."""

import pytest

from core.planning.probes import ProbeRules
from core.planning.values import Probes, SourceUser

from .building import account, group, link, managed, only_change, planned, steps, target_group, user, world

NAMED = Probes(names=("scim-test@*", "test group"))
HELD = Probes(newer_than=1_000)


def test_the_rules_at_a_moment_look_back_by_the_hold() -> None:
    assert ProbeRules(("x",), hold=120).at(500_000) == Probes(("x",), 380_000)
    assert ProbeRules().at(500_000) == Probes()


@pytest.mark.parametrize(
    "test", [user("scim-test@example.com"), user("t", email="SCIM-Test@example.com")], ids=["userName", "e-mail"]
)
def test_who_is_named_as_a_test_gets_no_account_and_the_plan_says_so(test: SourceUser) -> None:
    plan = planned(world(users=[test, user("bob", email="bob@example.com")], probes=NAMED))
    assert steps(plan) == ["create-account bob"]
    (note,) = plan.notes
    assert note.startswith("Never provisioned, because the provider's probes name them as tests of the connection: ")
    assert note.endswith(f": 1 name ({test.user_name}).")


def test_a_group_that_is_named_as_a_test_is_made_nowhere() -> None:
    plan = planned(world(groups=[group("Test Group"), group("Staff")], probes=NAMED))
    assert steps(plan) == ["create-group Staff"]
    assert "(Test Group)" in plan.notes[0]


def test_who_is_newer_than_the_hold_waits_and_who_is_older_does_not() -> None:
    new, old = user("new", created_at=1_001), user("old", email="old@example.com", created_at=1_000)
    plan = planned(world(users=[new, old], probes=HELD))
    assert steps(plan) == ["create-account old"]
    assert plan.notes == (
        "Not provisioned yet, because they are newer than the provider's hold and may be tests: 1 name (new).",
    )


def test_one_that_waits_takes_nobody_s_name() -> None:
    rivals = [user("ada", id="u-1"), user("Ada", id="u-2", created_at=1_001)]
    assert only_change(planned(world(users=rivals, probes=HELD))).because.user_id == "u-1"


def test_who_has_an_account_already_is_no_test() -> None:
    plan = planned(
        world(users=[user(active=False, created_at=1_001)], accounts=[account()], links=[link()], probes=HELD)
    )
    assert steps(plan) == ["deactivate-account ada"]


@pytest.mark.parametrize("gone", [user(active=False, created_at=1_001), user(deleted=True, created_at=1_001)])
def test_a_test_that_is_over_is_as_if_it_had_never_been(gone: SourceUser) -> None:
    for probes in (HELD, Probes()):
        plan = planned(world(users=[gone], probes=probes))
        assert (plan.changes, plan.conflicts, plan.notes) == ((), (), ())


def test_a_group_that_waits_leaves_the_memberships_of_its_name_as_they_are() -> None:
    member = account(groups=["staff"])
    plan = planned(
        world(
            users=[user(groups=[])],
            groups=[group(id="g-old", deleted=True), group(id="g-new", created_at=1_001)],
            accounts=[member],
            target_groups=[target_group()],
            links=[link()],
            managed=[managed()],
            probes=HELD,
        )
    )
    assert plan.changes == ()
    assert "(Staff)" in plan.notes[0]
