"""What an admin has undone is not done again, nor what depends on it, until the IdP says something new."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.planning.changes import Change
from core.planning.changes import ChangeKind as K
from core.planning.notes import sentences
from core.planning.undone import without_undone
from core.planning.values import Undone

from .building import account, link, planned, steps, user, world
from .made import made, moved

VALUES = {"display_name": "Ada", "email": "ada@example.com"}
OTHERS = {"display_name": "Ada", "email": "ada@old.example.com"}


def standing(*undone: Change, seen: int = 0) -> tuple[Undone, ...]:
    return tuple(Undone(change, seen) for change in undone)


def left(changes: Sequence[Change], undone: Sequence[Change], seen: int = 0) -> list[Change]:
    return list(without_undone(changes, world(undone=standing(*undone, seen=seen)))[0])


@pytest.mark.parametrize(
    ("wanted", "undoing"),
    [
        (made(K.DEACTIVATE_ACCOUNT), made(K.REACTIVATE_ACCOUNT)),
        (made(K.REACTIVATE_ACCOUNT), made(K.DEACTIVATE_ACCOUNT)),
        (made(K.ADD_MEMBER, group="Staff"), made(K.REMOVE_MEMBER, group="staff")),
        (made(K.REMOVE_MEMBER, group="Staff"), made(K.ADD_MEMBER, group="Staff")),
        (made(K.LINK_ACCOUNT), made(K.UNLINK_ACCOUNT)),
        (made(K.LINK_GROUP, "Staff", group_id="g-1"), made(K.UNLINK_GROUP, "Staff", group_id="g-1")),
        (made(K.CREATE_GROUP, "Staff"), made(K.DELETE_GROUP, "Staff")),
        (
            made(K.UPDATE_ACCOUNT, before=OTHERS, after=VALUES),
            made(K.UPDATE_ACCOUNT, before=VALUES, after=OTHERS),
        ),
        (
            made(K.RENAME_ACCOUNT, before={"name": "a"}, after={"name": "b"}),
            made(K.RENAME_ACCOUNT, before={"name": "b"}, after={"name": "a"}),
        ),
        (
            made(K.RENAME_GROUP, "A", group_id="g-1", before={"name": "A"}, after={"name": "B"}),
            made(K.RENAME_GROUP, "B", group_id="g-1", before={"name": "B"}, after={"name": "A"}),
        ),
        (moved("project:A", "ada", "bob"), replace(moved("project:A", "bob", "ada"), account="ada")),
    ],
)
def test_a_change_that_would_reverse_what_was_undone_is_left_out(wanted: Change, undoing: Change) -> None:
    assert left([wanted], [undoing]) == []
    assert left([wanted], []) == [wanted]


@pytest.mark.parametrize(
    ("wanted", "undoing"),
    [
        (made(K.DEACTIVATE_ACCOUNT, "bob"), made(K.REACTIVATE_ACCOUNT, "ada")),
        (made(K.DEACTIVATE_ACCOUNT), made(K.DEACTIVATE_ACCOUNT)),
        (made(K.DELETE_ACCOUNT), made(K.REACTIVATE_ACCOUNT)),
        (made(K.ADD_MEMBER, group="Dev"), made(K.REMOVE_MEMBER, group="Staff")),
        (made(K.LINK_GROUP, "Staff", group_id="g-2"), made(K.UNLINK_GROUP, "Staff", group_id="g-1")),
        (
            made(K.UPDATE_ACCOUNT, before=OTHERS, after={"email": "ada@new.example.com"}),
            made(K.UPDATE_ACCOUNT, before=VALUES, after=OTHERS),
        ),
        (
            made(K.UPDATE_ACCOUNT, after={"email": None}),
            made(K.UPDATE_ACCOUNT, before={"email": None}, after=OTHERS),
        ),
        (moved("project:A", "ada", "cyd"), replace(moved("project:A", "bob", "ada"), account="ada")),
    ],
)
def test_any_other_change_is_made(wanted: Change, undoing: Change) -> None:
    assert left([wanted], [undoing]) == [wanted]


def test_what_the_idp_has_touched_since_is_done() -> None:
    undoing = [made(K.REACTIVATE_ACCOUNT)]
    assert left([made(K.DEACTIVATE_ACCOUNT, exchange=7)], undoing, seen=7) == []
    later = made(K.DEACTIVATE_ACCOUNT, exchange=8)
    assert left([later], undoing, seen=7) == [later]


def test_what_is_news_is_asked_of_each_undoing_by_itself() -> None:
    """That of others was later: what the IdP said of Ada between the two is news all the same."""
    undone = (*standing(made(K.REACTIVATE_ACCOUNT), seen=7), *standing(made(K.REACTIVATE_ACCOUNT, "bob"), seen=9))
    changes = [made(K.DEACTIVATE_ACCOUNT, name, exchange=8) for name in ("ada", "bob")]
    assert list(without_undone(changes, world(undone=undone))[0]) == changes[:1]


def test_what_was_undone_twice_stands_until_there_is_news_since_the_later() -> None:
    undone = (*standing(made(K.REACTIVATE_ACCOUNT), seen=9), *standing(made(K.REACTIVATE_ACCOUNT), seen=7))
    assert list(without_undone([made(K.DEACTIVATE_ACCOUNT, exchange=8)], world(undone=undone))[0]) == []


def test_nothing_is_done_to_an_account_that_stays_unlinked() -> None:
    changes = [
        made(K.LINK_ACCOUNT),
        made(K.UPDATE_ACCOUNT),
        made(K.ADD_MEMBER, group="Staff"),
        made(K.LINK_ACCOUNT, "bob"),
    ]
    assert left(changes, [made(K.UNLINK_ACCOUNT)]) == changes[3:]


def test_nobody_is_put_into_a_group_that_is_not_made_again() -> None:
    changes = [
        made(K.LINK_GROUP, "Staff", group_id="g-1"),
        made(K.CREATE_GROUP, "Staff"),
        made(K.ADD_MEMBER, group="Staff"),
        made(K.ADD_MEMBER, group="Dev"),
    ]
    assert left(changes, [made(K.DELETE_GROUP, "Staff")]) == changes[3:]


@pytest.mark.parametrize(
    "undoing", [made(K.REACTIVATE_ACCOUNT), replace(moved("project:A", "bob", "ada"), account="ada")]
)
def test_a_leaver_whose_account_or_lead_was_put_back_keeps_both(undoing: Change) -> None:
    changes = [moved("project:A", "ada", "bob"), moved("project:B", "ada", "bob"), made(K.DEACTIVATE_ACCOUNT)]
    undone = [replace(undoing, account_id="a-ada", user_id="u-ada")]
    assert left(changes, undone) == []


def test_what_is_left_out_is_told() -> None:
    known = world(undone=standing(made(K.REACTIVATE_ACCOUNT)))
    _, notes = without_undone([made(K.DEACTIVATE_ACCOUNT)], known)
    assert sentences(notes) == (
        "Undone by an admin, and not done again until the IdP changes them: 1 change (deactivate-account ada).",
    )


def test_a_plan_leaves_out_what_was_undone() -> None:
    leaver = world(users=[user(active=False, exchange=5)], accounts=[account()], links=[link()])
    assert steps(planned(leaver)) == ["deactivate-account ada"]
    undone = replace(leaver, undone=standing(made(K.REACTIVATE_ACCOUNT), seen=5))
    assert steps(planned(undone)) == []
    assert planned(undone).notes[0].startswith("Undone by an admin")
    since = replace(leaver, undone=standing(made(K.REACTIVATE_ACCOUNT), seen=4))
    assert steps(planned(since)) == ["deactivate-account ada"]


def test_what_was_undone_in_a_group_counts_under_the_name_that_undoing_gave_back_to_it() -> None:
    undone = [
        made(K.REMOVE_MEMBER, group="People"),
        made(K.RENAME_GROUP, "People", group_id="g-1", before={"name": "People"}, after={"name": "Staff"}),
    ]
    assert left([made(K.ADD_MEMBER, group="Staff")], undone) == []
