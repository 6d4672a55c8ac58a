import pytest

from core.apply.calls import Result
from core.apply.keeping import keep
from core.planning.changes import Because, Change, ChangeKind
from core.planning.values import Account, Link, ManagedMembership, TargetGroup
from core.store import Store, links, observed
from tests.core.apply.company import TARGET

ADA = Account("a1", "ada", "ada", "Ada", "ada@x", True, frozenset({"users"}))


def change(kind: ChangeKind, **fields: object) -> Change:
    named = {"account": "ada", "account_id": "a1", "user_id": "u1"} | fields
    return Change(kind, Because("told so", "users.create", group_id="g1"), **named)  # type: ignore[arg-type]


def kept(store: Store, made: Change, result: Result = None) -> None:
    store.writer.write_now(lambda tx: keep(tx, TARGET, 7, made, result))


@pytest.fixture
def seen(store: Store) -> None:
    store.writer.write_now(lambda tx: observed.see_accounts(tx, TARGET, [ADA]))


def all_links(store: Store) -> list[Link]:
    with store.read() as connection:
        return links.all_links(connection, TARGET)


def managed(store: Store) -> set[ManagedMembership]:
    with store.read() as connection:
        return observed.managed(connection, TARGET)


def test_a_created_account_is_observed_and_linked_and_its_own_memberships_are_not_managed(store: Store) -> None:
    kept(store, change(ChangeKind.CREATE_ACCOUNT, account_id=None), ADA)
    assert all_links(store) == [Link("u1", "a1", "ada")]
    assert managed(store) == set()
    with store.read() as connection:
        assert observed.emails(connection, TARGET, ["a1"]) == {"a1": "ada@x"}
        assert observed.members_of(connection, TARGET, ["users"]) == {"a1"}


@pytest.mark.usefixtures("seen")
def test_a_matched_account_is_linked(store: Store) -> None:
    kept(store, change(ChangeKind.LINK_ACCOUNT))
    assert all_links(store) == [Link("u1", "a1", "ada")]


def test_a_created_group_is_observed_as_the_target_writes_it(store: Store) -> None:
    kept(store, change(ChangeKind.CREATE_GROUP, group="Crew"), TargetGroup("CREW", "crew"))
    with store.read() as connection:
        assert observed.group_names(connection, TARGET, ["crew"]) == {"crew": "CREW"}


@pytest.mark.usefixtures("seen")
def test_an_added_member_is_managed_and_a_removed_one_is_forgotten(store: Store) -> None:
    kept(store, change(ChangeKind.ADD_MEMBER, group="Crew"))
    assert managed(store) == {ManagedMembership("a1", "crew")}
    kept(store, change(ChangeKind.REMOVE_MEMBER, group="Crew"))
    assert managed(store) == set()


def test_a_member_whose_account_the_same_plan_created_is_found_by_the_users_link(store: Store) -> None:
    kept(store, change(ChangeKind.CREATE_ACCOUNT, account_id=None), ADA)
    kept(store, change(ChangeKind.ADD_MEMBER, account_id=None, group="Crew"))
    assert managed(store) == {ManagedMembership("a1", "crew")}


@pytest.mark.usefixtures("seen")
def test_an_update_leaves_what_it_did_not_set(store: Store) -> None:
    after = {"display_name": "Ada Byron", "email": None}
    kept(store, change(ChangeKind.UPDATE_ACCOUNT, after=after))
    kept(store, change(ChangeKind.DEACTIVATE_ACCOUNT, after={"active": False}))
    with store.read() as connection:
        row = connection.exec_driver_sql("SELECT display_name, email, active FROM accounts").one()
    assert tuple(row) == ("Ada Byron", "ada@x", 0)
