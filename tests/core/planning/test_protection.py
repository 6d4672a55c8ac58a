"""C29: what is protected is never touched, and what would have been done to it is told."""

import pytest

from core.planning.changes import Change, Conflict
from core.planning.changes import ChangeKind as K
from core.planning.lookup import lookup
from core.planning.protection import without_protected
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import Capabilities, SourceUser, World

from .building import (
    account,
    group,
    kinds,
    link,
    managed,
    only_conflict,
    planned,
    steps,
    target_group,
    user,
    world,
)
from .made import made, moved

ADA = UserRules(protect=("svc-*", "ADA"))
ADMINS = "confluence-administrators"


def test_a_protected_account_stays_and_what_would_change_is_a_conflict() -> None:
    leaver = world(users=[user(active=False, exchange=6)], accounts=[account()], links=[link()])
    conflict = only_conflict(planned(leaver, ADA))
    assert (conflict.kind, conflict.subject, conflict.user_id, conflict.exchange) == ("C29", "user:u-ada", "u-ada", 6)
    assert conflict.title == "Protected account 'ada' would change"
    assert conflict.explanation == (
        "What the IdP says of Ada Lovelace would change 'ada', which users.protect ('ADA') keeps untouched."
    )
    assert conflict.evidence == {"account": "ada", "protected by": "ADA", "changes": "deactivate-account"}
    assert [answer.key for answer in conflict.resolutions] == ["H", "E", "A"]
    assert conflict.resolutions[2].consequence == "Makes 1 change to 'ada' this once."


@pytest.mark.parametrize(
    ("known", "changes"),
    [
        (world(users=[user()]), "create-account"),
        (world(users=[user()], accounts=[account()]), "link-account"),
        (world(users=[user()], accounts=[account(email="x@y.org")], links=[link()]), "update-account"),
        (world(users=[user()], accounts=[account(active=False)], links=[link()]), "reactivate-account"),
        (
            world(users=[user(groups=["g-Staff"])], groups=[group()], target_groups=[target_group()]),
            "create-account, add-member Staff",
        ),
        (
            world(
                users=[user(deleted=True)], accounts=[account(groups=["staff"])], links=[link()], managed=[managed()]
            ),
            "deactivate-account, remove-member staff",
        ),
    ],
)
def test_no_kind_of_change_reaches_a_protected_account(known: World, changes: str) -> None:
    assert only_conflict(planned(known, ADA)).evidence["changes"] == changes


def test_a_protected_account_that_is_as_it_should_be_is_no_conflict() -> None:
    fine = world(users=[user()], accounts=[account()], links=[link()])
    assert kinds(planned(fine, ADA)) == []


def test_protected_is_who_has_the_name_at_the_target() -> None:
    """Not who is called so at the IdP: an account renamed by hand is protected by its name of today."""
    renamed = world(users=[user(active=False)], accounts=[account("svc-ada", id="a-ada")], links=[link()])
    assert kinds(planned(renamed, ADA)) == [("C29", "user:u-ada")]


def test_a_protected_account_that_is_not_there_is_not_created() -> None:
    conflict = only_conflict(planned(world(users=[user()]), ADA))
    assert conflict.title == "Protected account 'ada' would be created"
    assert conflict.explanation.startswith("What the IdP says of Ada Lovelace would create 'ada', ")


def test_others_are_planned_as_ever() -> None:
    assert steps(planned(world(users=[user(), user("bob")]), ADA)) == ["create-account bob"]


def members(count: int) -> list[SourceUser]:
    return [user(f"user{number:02}", groups=[f"g-{ADMINS}"]) for number in range(count)]


def test_a_protected_group_keeps_its_members_and_the_conflict_names_who_would_come_and_go() -> None:
    known = world(
        users=[*members(2), user("bob")],
        groups=[group(ADMINS, exchange=2)],
        accounts=[account("bob", groups=[ADMINS])],
        target_groups=[target_group(ADMINS)],
        links=[link("bob")],
        managed=[managed("bob", ADMINS)],
    )
    plan = planned(known)
    assert steps(plan) == ["create-account user00", "create-account user01"]
    (conflict,) = plan.conflicts
    assert (conflict.kind, conflict.subject, conflict.exchange) == ("C29", f"group:g-{ADMINS}", 2)
    assert (conflict.user_id, conflict.group_id) == (None, f"g-{ADMINS}")
    assert conflict.title == f"Protected group '{ADMINS}' would change"
    assert conflict.explanation == (
        "The IdP's groups would add 2 members, remove 1 member; "
        "groups.protect ('*-administrators') keeps this group untouched."
    )
    assert conflict.evidence == {
        "group": ADMINS,
        "protected by": "*-administrators",
        "create": "no",
        "add": "user00, user01",
        "remove": "bob",
    }
    assert [answer.key for answer in conflict.resolutions] == ["H", "E", "A"]
    assert conflict.resolutions[2].consequence == f"Makes 3 changes to '{ADMINS}' this once."


def test_a_protected_group_is_not_created_and_its_members_wait() -> None:
    plan = planned(world(users=members(1), groups=[group(ADMINS)]))
    assert steps(plan) == ["create-account user00"]
    assert kinds(plan) == [("C29", f"group:g-{ADMINS}")]
    assert plan.conflicts[0].evidence["create"] == "yes"
    assert plan.conflicts[0].title == f"Protected group '{ADMINS}' would be created"
    assert plan.conflicts[0].explanation.startswith("The IdP's groups would create it, add 1 member; ")


def test_a_protected_group_that_would_not_change_is_no_conflict() -> None:
    known = world(groups=[group(ADMINS)], target_groups=[target_group(ADMINS)])
    assert kinds(planned(known)) == []


def test_the_evidence_of_a_protected_group_names_twenty_and_counts_the_rest() -> None:
    plan = planned(world(users=members(23), groups=[group(ADMINS)], target_groups=[target_group(ADMINS)]))
    named = plan.conflicts[0].evidence["add"]
    assert named.startswith("user00, user01, ")
    assert named.endswith(", user19 and 3 more")


def test_a_target_group_that_no_idp_group_stands_behind_is_named_by_itself() -> None:
    known = world(
        users=[user()],
        accounts=[account(groups=[ADMINS])],
        target_groups=[target_group(ADMINS)],
        links=[link()],
        managed=[managed(group_key=ADMINS)],
    )
    conflict = only_conflict(planned(known))
    assert (conflict.subject, conflict.group_id) == (f"target-group:{ADMINS}", None)


def test_without_protect_everything_may_change() -> None:
    known = world(users=members(1), groups=[group(ADMINS)])
    plan = planned(known, groups=GroupRules(protect=()))
    assert steps(plan) == [f"create-group {ADMINS}", "create-account user00", f"add-member user00 {ADMINS}"]


def test_a_protected_account_in_a_protected_group_is_told_once_with_the_account() -> None:
    ada = user(groups=[f"g-{ADMINS}"])
    known = world(users=[ada], groups=[group(ADMINS)], target_groups=[target_group(ADMINS)])
    assert kinds(planned(known, ADA)) == [("C29", "user:u-ada")]


def parked(*changes: Change, users: UserRules = ADA, groups: GroupRules | None = None) -> tuple[Conflict, ...]:
    known = world(
        users=[user(name) for name in ("ada", "bob", "cyd")], groups=[group("Staff", id="g-1"), group("Dev", id="g-2")]
    )
    allowed, conflicts = without_protected(changes, lookup(known), TargetRules(users, groups or GroupRules()))
    assert allowed == ()
    return conflicts


@pytest.mark.parametrize(
    "kind", [K.RENAME_ACCOUNT, K.DELETE_ACCOUNT, K.DEACTIVATE_ACCOUNT, K.UPDATE_ACCOUNT, K.UNLINK_ACCOUNT]
)
def test_every_kind_of_change_of_a_protected_account_is_parked(kind: K) -> None:
    (conflict,) = parked(made(kind, after={"name": "ada2"}))
    assert (conflict.subject, conflict.evidence["changes"]) == ("user:u-ada", kind)


def test_what_a_protected_account_leads_is_parked_with_its_deactivation() -> None:
    (conflict,) = parked(moved("project:A", "ada", "bob"), made(K.DEACTIVATE_ACCOUNT))
    assert conflict.evidence["changes"] == "move-lead, deactivate-account"


def test_a_protected_account_may_take_over_what_somebody_else_led() -> None:
    moving = moved("project:A", "bob", "ada")
    known = world(users=[user("bob")])
    assert without_protected([moving], lookup(known), TargetRules(ADA)) == ((moving,), ())


def test_no_account_is_given_a_protected_name() -> None:
    (conflict,) = parked(made(K.RENAME_ACCOUNT, "bob", before={"name": "bob"}, after={"name": "svc-bob"}))
    assert (conflict.subject, conflict.evidence["protected by"]) == ("user:u-bob", "svc-*")


@pytest.mark.parametrize(
    ("kind", "does"),
    [(K.CREATE_GROUP, "create it"), (K.RENAME_GROUP, "rename it to 'new'"), (K.DELETE_GROUP, "delete it")],
)
def test_a_protected_group_is_not_created_renamed_or_deleted(kind: K, does: str) -> None:
    (conflict,) = parked(made(kind, ADMINS, group_id="g-1", after={"name": "new"}))
    assert conflict.subject == "group:g-1"
    assert conflict.explanation.startswith(f"The IdP's groups would {does}; ")


def test_no_group_is_given_a_protected_name() -> None:
    (conflict,) = parked(made(K.RENAME_GROUP, "Staff", group_id="g-1", after={"name": ADMINS}))
    assert (conflict.subject, conflict.evidence["group"]) == ("group:g-1", "Staff")


@pytest.mark.parametrize("kind", [K.LINK_GROUP, K.UNLINK_GROUP])
def test_which_idp_group_feeds_a_protected_group_may_be_remembered(kind: K) -> None:
    linking = made(kind, ADMINS, group_id="g-1")
    assert without_protected([linking], lookup(world()), TargetRules()) == ((linking,), ())


def test_a_protected_group_that_several_idp_groups_feed_is_named_by_itself() -> None:
    (conflict,) = parked(
        made(K.ADD_MEMBER, "bob", ADMINS, group_id="g-1"), made(K.ADD_MEMBER, "cyd", ADMINS, group_id="g-2")
    )
    assert (conflict.subject, conflict.group_id) == (f"target-group:{ADMINS}", None)


def test_two_protected_groups_that_one_idp_group_feeds_are_two_conflicts() -> None:
    others = "jira-administrators"
    found = parked(made(K.ADD_MEMBER, "bob", ADMINS, group_id="g-1"), made(K.ADD_MEMBER, "bob", others, group_id="g-1"))
    assert {conflict.subject for conflict in found} == {f"target-group:{ADMINS}", f"target-group:{others}"}


def test_where_a_rename_would_give_a_protected_name_nothing_else_is_done_to_the_account_either() -> None:
    known = world(
        users=[user("svc-1", id="u-ada", email="new@example.com", groups=["g-Staff"])],
        groups=[group()],
        accounts=[account()],
        target_groups=[target_group()],
        links=[link()],
        capabilities=Capabilities(rename_user=None),
    )
    conflict = only_conflict(planned(known, ADA))
    assert (conflict.kind, conflict.subject) == ("C29", "user:u-ada")
