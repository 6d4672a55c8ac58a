"""User directories in the way of an account: told before anything is sent, and never passed over (C37)."""

from dataclasses import replace

import pytest

from core.planning.changes import Conflict, Plan
from core.planning.rules import TargetRules, UserRules
from core.planning.values import Account, Capabilities, Link, World

from .building import CONFLUENCE, account, group, kinds, link, only_conflict, planned, steps, target_group, user, world
from .test_answers import answer
from .test_answers import planned as planned_with

ABLE = Capabilities(names=CONFLUENCE, rename_user=None, delete_user=None, directory="Internal")
SHADOWING = replace(account(), directory="Company LDAP", hides=("Internal",))
READ_ONLY = replace(account(email="old@example.com"), directory="Company LDAP", read_only=True)
ELSEWHERE = replace(account(), directory="Company LDAP", read_only=False)


def newcomer(found: Account) -> World:
    return world(users=[user()], accounts=[found], capabilities=ABLE)


def answered(known: World, key: str, value: str | None = None, rules: TargetRules | None = None) -> Plan:
    (conflict,) = planned_with(known, rules or TargetRules()).conflicts
    return planned_with(known, rules or TargetRules(), [answer(conflict, key, value)])


def keys(conflict: Conflict) -> str:
    return "".join(each.key for each in conflict.resolutions)


class TestWhoHasNoAccountYet:
    def test_c37_an_account_that_hides_another_is_not_linked_unasked(self) -> None:
        conflict = only_conflict(planned(newcomer(SHADOWING)))
        assert (conflict.kind, conflict.subject) == ("C37", "user:u-ada")
        assert conflict.title == "'ada' is in several directories"
        assert conflict.explanation == (
            "Ada Lovelace maps to 'ada', which belongs to no user. The account in 'Company LDAP' counts and hides that "
            "in 'Internal'."
        )
        assert conflict.evidence["hides"] == "Internal"
        assert keys(conflict) == "HLNX"

    def test_c37_linked_by_an_admin_it_is_the_one_that_counts_and_asks_no_more(self) -> None:
        plan = answered(newcomer(SHADOWING), "L")
        assert (steps(plan), plan.conflicts) == (["link-account ada"], ())
        linked = world(users=[user()], accounts=[SHADOWING], links=[link()], capabilities=ABLE)
        assert (planned(linked).changes, planned(linked).conflicts) == ((), ())

    def test_c37_under_another_name_there_is_no_other(self) -> None:
        assert steps(answered(newcomer(SHADOWING), "N")) == ["create-account ada2"]

    def test_c37_an_account_of_a_read_only_directory_can_be_linked_and_left_to_it(self) -> None:
        conflict = only_conflict(planned(newcomer(READ_ONLY)))
        assert (conflict.title, keys(conflict)) == ("'ada' is in a read-only directory", "HKNX")
        plan = answered(newcomer(READ_ONLY), "K")
        assert (steps(plan), plan.conflicts) == (["link-account ada"], ())
        assert plan.notes == ("Their values are left to their directory, as an admin answered: 1 account (ada).",)

    def test_c37_an_account_outside_the_configured_directory_is_asked_for(self) -> None:
        conflict = only_conflict(planned(newcomer(ELSEWHERE)))
        assert conflict.title == "'ada' is in another directory"
        assert "'Company LDAP', and accounts shall be in 'Internal'" in conflict.explanation
        assert steps(answered(newcomer(ELSEWHERE), "L")) == ["link-account ada"]

    @pytest.mark.parametrize("directory", [None, "Internal"])
    def test_an_account_of_that_directory_or_of_an_untold_one_is_linked(self, directory: str | None) -> None:
        assert steps(planned(newcomer(replace(account(), directory=directory)))) == ["link-account ada"]

    def test_c37_who_matches_by_address_is_asked_as_well(self) -> None:
        known = world(users=[user("eve")], accounts=[SHADOWING], capabilities=ABLE)
        assert kinds(planned(known, UserRules(matching=("email",)))) == [("C37", "user:u-eve")]


class TestWhoHasOne:
    LINKED = world(users=[user()], accounts=[READ_ONLY], links=[link()], capabilities=ABLE)

    def test_c37_a_change_that_its_directory_refuses_is_not_sent(self) -> None:
        conflict = only_conflict(planned(self.LINKED))
        assert conflict.title == "'ada' can be changed in its directory only"
        assert (conflict.evidence["changes"], keys(conflict)) == ("update-account", "HKX")

    def test_c37_left_to_its_directory_its_groups_follow_all_the_same(self) -> None:
        member = replace(
            self.LINKED,
            users=(user(groups=["g-Staff"]),),
            groups=(group(),),
            target_groups=(target_group(),),
            group_links=(),
        )
        assert steps(answered(member, "K")) == ["link-group Staff", "add-member ada Staff"]

    def test_nothing_is_asked_while_nothing_is_to_be_changed(self) -> None:
        same = replace(self.LINKED, accounts=(replace(READ_ONLY, email="ada@example.com"),))
        assert (planned(same).changes, planned(same).conflicts) == ((), ())

    def test_c37_an_account_that_hides_another_is_not_renamed(self) -> None:
        renamed = world(users=[user("ada.king", id="u-ada")], accounts=[SHADOWING], links=[link()], capabilities=ABLE)
        conflict = only_conflict(planned(renamed))
        assert (conflict.kind, conflict.evidence["changes"]) == ("C37", "rename-account")
        assert answered(renamed, "K").conflicts == ()

    def test_c37_it_is_not_deleted_either_but_deactivated_where_that_is_wished(self) -> None:
        leaving = replace(self.LINKED, users=(user(active=False),))
        assert kinds(planned(leaving, UserRules(when_inactive="delete"))) == [("C37", "user:u-ada")]
        assert steps(planned(leaving)) == ["deactivate-account ada"]
        kept = answered(leaving, "K", rules=TargetRules(UserRules(when_inactive="delete")))
        assert (kept.changes, kept.conflicts) == ((), ())


class TestWhoseAccountIsHidden:
    HIDDEN = world(
        users=[user()],
        accounts=[replace(SHADOWING, id="ldap-ada")],
        links=[Link("u-ada", "a-ada", "ada")],
        capabilities=ABLE,
    )

    def test_c37_a_linked_account_behind_one_of_another_directory_is_told_as_such(self) -> None:
        conflict = only_conflict(planned(self.HIDDEN))
        assert conflict.title == "Account 'ada' of Ada Lovelace is hidden"
        assert (conflict.evidence["account id"], conflict.evidence["account id now"]) == ("a-ada", "ldap-ada")
        assert keys(conflict) == "HLX"

    def test_c37_the_one_that_counts_can_be_linked_in_its_place(self) -> None:
        plan = answered(self.HIDDEN, "L")
        assert (steps(plan), plan.changes[0].account_id) == (["link-account ada"], "ldap-ada")
