"""E-mail addresses that another account has, where a product takes each only once: asked before it is sent (C11)."""

from dataclasses import replace

import pytest

from core.planning.changes import Conflict, Plan
from core.planning.rules import TargetRules, UserRules
from core.planning.values import Capabilities, World
from core.targets.cloud.names import NAME_RULES

from .building import CONFLUENCE, account, kinds, link, only_conflict, planned, steps, user, world
from .test_answers import answer
from .test_answers import planned as planned_with

UNIQUE = Capabilities(names=replace(CONFLUENCE, email_unique=True, email_required=False))
BOSS = account("boss", display_name="Boss")


def answered(known: World, key: str, subject: str = "user:u-ada") -> Plan:
    conflict = next(each for each in planned(known).conflicts if each.subject == subject)
    return planned_with(known, TargetRules(), [answer(conflict, key)])


def keys(conflict: Conflict) -> str:
    return "".join(each.key for each in conflict.resolutions)


class TestWhoHasNoAccountYet:
    TAKEN = world(users=[user()], accounts=[BOSS], capabilities=UNIQUE)

    def test_c11_an_address_that_an_account_has_is_asked_for(self) -> None:
        conflict = only_conflict(planned(self.TAKEN))
        assert (conflict.kind, conflict.subject) == ("C11", "user:u-ada")
        assert conflict.title == "E-mail 'ada@example.com' is in use"
        assert conflict.explanation == (
            "Ada Lovelace has 'ada@example.com', which is that of boss too; the product takes an address only once."
        )
        assert conflict.evidence == {"e-mail": "ada@example.com", "belongs to": "boss", "account": "ada"}
        assert keys(conflict) == "HLNIEX"

    def test_c11_the_account_that_has_it_can_be_linked(self) -> None:
        assert steps(answered(self.TAKEN, "L"))[0] == "link-account boss"

    def test_c11_an_account_can_be_created_without_it(self) -> None:
        plan = answered(self.TAKEN, "N")
        assert (steps(plan), plan.conflicts) == (["create-account ada"], ())
        assert not plan.changes[0].after.get("email")

    def test_c11_it_can_be_taken_all_the_same(self) -> None:
        plan = answered(self.TAKEN, "I")
        assert plan.changes[0].after["email"] == "ada@example.com"

    def test_c11_where_an_address_is_needed_none_is_created_without(self) -> None:
        needs = Capabilities(names=replace(CONFLUENCE, email_unique=True))
        assert keys(only_conflict(planned(replace(self.TAKEN, capabilities=needs)))) == "HLIEX"

    def test_c11_the_account_of_somebody_else_is_not_offered(self) -> None:
        known = world(users=[user(), user("boss", display_name="Boss")], accounts=[BOSS], links=[link("boss")])
        plan = planned(replace(known, capabilities=UNIQUE))
        assert kinds(plan) == [("C11", "user:u-ada")]
        assert "L" not in keys(plan.conflicts[0])

    def test_c11_of_two_newcomers_with_one_address_none_goes_first(self) -> None:
        plan = planned(world(users=[user(), user("eve", email="ADA@example.com")], capabilities=UNIQUE))
        assert (plan.changes, kinds(plan)) == ((), [("C11", "user:u-ada"), ("C11", "user:u-eve")])

    def test_matching_by_address_goes_before(self) -> None:
        assert steps(planned(self.TAKEN, UserRules(matching=("email",))))[0] == "link-account boss"

    def test_a_product_that_takes_an_address_twice_is_asked_for_nothing(self) -> None:
        known = world(users=[user()], accounts=[BOSS])
        assert steps(planned(known, UserRules(alike="ignore"))) == ["create-account ada"]


class TestWhoHasOne:
    CHANGED = world(
        users=[user()], accounts=[account(email="old@example.com"), BOSS], links=[link()], capabilities=UNIQUE
    )

    def test_c11_an_account_does_not_get_the_address_of_another(self) -> None:
        conflict = only_conflict(planned(self.CHANGED))
        assert (conflict.kind, conflict.evidence["e-mail now"]) == ("C11", "old@example.com")
        assert keys(conflict) == "KHIEX"

    def test_c11_it_can_keep_its_own_while_all_else_follows_the_idp(self) -> None:
        named = replace(self.CHANGED, users=(user(display_name="Ada King"),))
        plan = answered(named, "K")
        assert plan.conflicts == ()
        assert plan.changes[0].after == {"display_name": "Ada King", "email": "old@example.com"}

    def test_c11_it_can_be_taken_all_the_same(self) -> None:
        assert steps(answered(self.CHANGED, "I")) == ["update-account ada"]

    @pytest.mark.parametrize("own", ["ada@example.com", "ADA@example.com"])
    def test_what_it_has_already_asks_for_nothing(self, own: str) -> None:
        same = replace(self.CHANGED, accounts=(account(email=own), BOSS))
        assert planned(same).conflicts == ()


def test_an_address_at_atlassian_cloud_is_one_account_s() -> None:
    assert NAME_RULES.email_unique
