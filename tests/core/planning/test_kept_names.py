"""Names that a product keeps for itself, and addresses that are none: known before anything is sent (C16, C17, C21)."""

from dataclasses import replace

import pytest

from core.planning.answers import with_answers
from core.planning.changes import Conflict
from core.planning.names import check_email, check_group_name, is_kept_group, propose_group_name
from core.planning.rules import GroupMap, GroupRules, TargetRules
from core.planning.values import Capabilities, NameRules
from core.targets.cloud import names as cloud
from core.targets.confluence import names as confluence

from .building import CONFLUENCE, account, group, kinds, link, only_conflict, planned, steps, target_group, user, world
from .test_answers import answer
from .test_answers import planned as planned_with

KEEPING = Capabilities(names=replace(CONFLUENCE, kept_groups=("site-admins", "jira-users", "jira-users-*")))
MANUAL = GroupRules(mode="manual", create_missing=True, map=(GroupMap(("Staff",), ("site-admins",)),))


def keys(found: Conflict) -> str:
    return "".join(each.key for each in found.resolutions)


@pytest.mark.parametrize("name", [".", ".."])
def test_c16_names_that_no_address_can_carry_are_refused_to_groups_of_confluence(name: str) -> None:
    assert check_group_name(name, confluence.NAME_RULES) == "is reserved by the product"
    assert check_group_name(propose_group_name(name, confluence.NAME_RULES, lambda key: False), CONFLUENCE) is None


def test_c16_a_reserved_group_name_is_a_conflict_with_a_name_in_its_place() -> None:
    conflict = only_conflict(planned(world(groups=[group(".", exchange=5)])))
    assert (conflict.kind, conflict.subject, conflict.exchange) == ("C16", "group:g-.", 5)
    assert conflict.evidence["problem"] == "is reserved by the product"
    assert keys(conflict) == "ENX"


@pytest.mark.parametrize("name", ["Site-Admins", "jira-users", "jira-users-acme"])
def test_c21_a_group_of_the_product_is_not_taken_over_by_an_idp_group_of_its_name(name: str) -> None:
    known = world(users=[user(groups=[f"g-{name}"])], groups=[group(name)], accounts=[account()], links=[link()])
    conflict = only_conflict(planned(replace(known, capabilities=KEEPING)))
    assert (conflict.kind, conflict.subject) == ("C21", f"group:g-{name}")
    assert conflict.title == f"'{name}' is a group of the product itself"
    assert conflict.evidence == {"group name": name, "IdP group": name, "proposed": f"idp-{name}"}
    assert keys(conflict) == "NEX"


def test_c21_nor_is_it_where_the_directory_has_one_already() -> None:
    there = replace(
        world(groups=[group("jira-users")], target_groups=[target_group("jira-users")]), capabilities=KEEPING
    )
    assert kinds(planned(there)) == [("C21", "group:g-jira-users")]


def test_c21_under_another_name_its_members_get_a_group_of_their_own() -> None:
    known = world(
        users=[user(groups=["g-jira-users"])],
        groups=[group("jira-users")],
        accounts=[account()],
        links=[link()],
        capabilities=KEEPING,
    )
    (conflict,) = planned(known).conflicts
    plan = planned_with(known, TargetRules(), [answer(conflict, "N")])
    assert steps(plan) == ["create-group idp-jira-users", "add-member ada idp-jira-users"]
    assert plan.conflicts == ()


def test_c21_left_out_the_group_feeds_nothing() -> None:
    known = world(groups=[group("jira-users")], capabilities=KEEPING)
    (conflict,) = planned(known).conflicts
    plan = planned_with(known, TargetRules(), [answer(conflict, "X")])
    assert (plan.changes, plan.conflicts) == ((), ())


def test_c21_a_mapping_that_names_a_group_of_the_product_creates_none() -> None:
    known = world(groups=[group()], capabilities=KEEPING)
    conflict = only_conflict(planned(known, groups=MANUAL))
    assert (conflict.kind, conflict.subject) == ("C21", "target-group:site-admins")
    assert keys(conflict) == "EH"


def test_c21_so_it_is_with_a_default_group() -> None:
    rules = GroupRules(default_for_all=("site-admins",), create_missing=True)
    assert kinds(planned(world(capabilities=KEEPING), groups=rules)) == [("C21", "target-group:site-admins")]


def test_the_answers_to_it_hold_no_kept_name_either() -> None:
    rules = KEEPING.names
    assert is_kept_group("JIRA-users-2", rules)
    assert check_group_name("JIRA-users-2", rules) == "is kept by the product for a group of its own"
    assert propose_group_name("jira-users", rules, {"idp-jira-users"}.__contains__) == "idp-jira-users2"


@pytest.mark.parametrize("name", ["jira-users", "confluence-users-acme", "Site-Admins", "org-admins"])
def test_the_groups_that_atlassian_cloud_made_are_known(name: str) -> None:
    assert cloud.is_kept_by_atlassian(name)
    assert not cloud.is_kept_by_atlassian(f"idp-{name}")


# E-mail addresses


@pytest.mark.parametrize("address", ["nobody", "@x", "a@", "a@b@c", "a b@c", "a@b c", "a\t@b"])
def test_c17_what_is_no_address_is_a_conflict_before_anything_is_sent(address: str) -> None:
    conflict = only_conflict(planned(world(users=[user(email=address)])))
    assert (conflict.kind, conflict.title) == ("C17", f"'{address.strip()}' is not a valid e-mail")
    assert conflict.evidence["problem"] == "is no e-mail address"
    assert keys(conflict) == "EHX"


def test_c17_an_account_s_address_is_not_replaced_by_what_is_none() -> None:
    known = world(users=[user(email="nobody")], accounts=[account()], links=[link()])
    assert only_conflict(planned(known)).kind == "C17"


def test_c17_an_account_that_has_it_already_is_left_alone() -> None:
    known = world(users=[user(email="nobody")], accounts=[account(email="nobody")], links=[link()])
    plan = planned(known)
    assert (plan.changes, plan.conflicts) == ((), ())


def test_c17_skipped_always_the_user_is_left_out() -> None:
    known = world(users=[user(email="nobody")])
    (conflict,) = planned(known).conflicts
    assert planned_with(known, with_answers(TargetRules(), []), [answer(conflict, "X")]).conflicts == ()


@pytest.mark.parametrize("address", ["a@b", "o'brien+x@sub.example.com", "jürgen@bücher.example"])
def test_addresses_are_refused_for_nothing_else(address: str) -> None:
    assert check_email(address, CONFLUENCE) is None


def test_what_a_product_does_not_check_is_left_to_it() -> None:
    assert check_email("nobody", NameRules()) is None
    assert check_email("a" * 250 + "@b.example", CONFLUENCE) == "is longer than 255 characters"
