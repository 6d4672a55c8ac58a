import pytest

from core.apply.calls import Result
from core.apply.keeping import keep
from core.planning.changes import Because, Change, ChangeKind
from core.planning.values import Account, GroupLink, Link, ManagedMembership, TargetGroup
from core.store import Store, group_links, links, observed
from tests.core.apply.company import TARGET, Company

ADA = Account("a1", "ada", "ada", "Ada", "ada@x", True, frozenset({"users"}))


def change(kind: ChangeKind, *, rule: str = "users.create", group_id: str = "g1", **fields: object) -> Change:
    named = {"account": "ada", "account_id": "a1", "user_id": "u1"} | fields
    return Change(kind, Because("told so", rule, group_id=group_id), **named)  # type: ignore[arg-type]


def group_change(kind: ChangeKind, group: str, *, rule: str = "groups.on_the_fly", **fields: object) -> Change:
    return change(kind, rule=rule, account=None, account_id=None, user_id=None, group=group, **fields)


def kept(store: Store, made: Change, result: Result = None) -> None:
    store.writer.write_now(lambda tx: keep(tx, TARGET, 7, made, result))


@pytest.fixture
def seen(store: Store) -> None:
    store.writer.write_now(lambda tx: observed.see_accounts(tx, TARGET, [ADA]))


def all_links(store: Store) -> list[Link]:
    with store.read() as connection:
        return links.all_links(connection, TARGET)


def account(store: Store, ident: str = "a1") -> Account | None:
    with store.read() as connection:
        return next(iter(observed.accounts(connection, TARGET, [ident])), None)


def all_group_links(store: Store) -> set[GroupLink]:
    with store.read() as connection:
        return set(group_links.all_links(connection, TARGET))


def target_groups(store: Store, *keys: str) -> list[TargetGroup]:
    with store.read() as connection:
        return observed.fresh_groups(connection, TARGET, keys, 0)


def created_by_us(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.exec_driver_sql("SELECT name FROM target_groups WHERE created_by_us").scalars())


def managed(store: Store) -> set[ManagedMembership]:
    with store.read() as connection:
        return observed.managed(connection, TARGET)


def test_a_created_account_is_observed_and_linked_and_its_own_memberships_are_not_managed(store: Store) -> None:
    kept(store, change(ChangeKind.CREATE_ACCOUNT, account_id=None), ADA)
    assert all_links(store) == [Link("u1", "a1", "ada", is_new=True)]
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
    assert account(store) == Account("a1", "ada", "ada", "Ada Byron", "ada@x", False)


@pytest.mark.usefixtures("seen")
def test_further_attributes_are_kept_beside_those_that_stay_and_an_empty_one_is_forgotten(store: Store) -> None:
    kept(store, change(ChangeKind.UPDATE_ACCOUNT, after={"attributes.first_name": "Ada", "attributes.department": "R"}))
    kept(store, change(ChangeKind.UPDATE_ACCOUNT, after={"attributes.department": "", "attributes.phone": "12"}))
    found = account(store)
    assert found is not None
    assert found.attributes == {"first_name": "Ada", "phone": "12"}


@pytest.mark.usefixtures("seen")
def test_a_renamed_account_has_its_new_name_in_links_too(store: Store) -> None:
    kept(store, change(ChangeKind.LINK_ACCOUNT))
    kept(store, change(ChangeKind.RENAME_ACCOUNT, before={"name": "ada"}, after={"name": "Lovelace"}))
    found = account(store)
    assert found is not None
    assert (found.name, found.key) == ("Lovelace", "lovelace")
    assert all_links(store) == [Link("u1", "a1", "Lovelace")]
    with store.read() as connection:
        assert links.of_names(connection, TARGET, ["lovelace"]) == all_links(store)


@pytest.mark.usefixtures("seen")
def test_a_deleted_account_leaves_no_link_and_no_membership_not_even_a_managed_one(store: Store) -> None:
    kept(store, change(ChangeKind.LINK_ACCOUNT))
    kept(store, change(ChangeKind.ADD_MEMBER, group="Crew"))
    kept(store, change(ChangeKind.DELETE_ACCOUNT))
    assert (account(store), all_links(store), managed(store)) == (None, [], set())
    with store.read() as connection:
        assert observed.members_of(connection, TARGET, ["crew", "users"]) == set()


@pytest.mark.usefixtures("seen")
def test_an_unlinked_account_stays_observed(store: Store) -> None:
    kept(store, change(ChangeKind.LINK_ACCOUNT))
    kept(store, change(ChangeKind.UNLINK_ACCOUNT))
    assert all_links(store) == []
    assert account(store) is not None


@pytest.mark.usefixtures("seen")
def test_a_member_that_is_added_once_and_not_kept_in_is_not_managed(store: Store) -> None:
    kept(store, change(ChangeKind.ADD_MEMBER, group="Crew", after={"member": True, "managed": False}))
    assert managed(store) == set()
    with store.read() as connection:
        assert observed.members_of(connection, TARGET, ["crew"]) == {"a1"}


def test_a_group_created_on_the_fly_is_linked_under_the_name_that_the_idp_gives_it(
    store: Store, company: Company
) -> None:
    crew = company.form("Crew of ships")
    kept(store, group_change(ChangeKind.CREATE_GROUP, "crew", group_id=crew), TargetGroup("crew", "crew"))
    assert all_group_links(store) == {GroupLink(crew, "crew", "Crew of ships")}


def test_a_group_created_for_a_manual_mapping_is_linked_by_changes_of_their_own(store: Store) -> None:
    kept(store, group_change(ChangeKind.CREATE_GROUP, "crew", rule="groups.map"), TargetGroup("crew", "crew"))
    assert all_group_links(store) == set()
    kept(store, group_change(ChangeKind.LINK_GROUP, "crew", rule="groups.map", after={"source_name": "Crew"}))
    kept(store, group_change(ChangeKind.LINK_GROUP, "deck", rule="groups.map", after={"source_name": "Crew"}))
    assert all_group_links(store) == {GroupLink("g1", "crew", "Crew"), GroupLink("g1", "deck", "Crew")}


def test_on_the_fly_a_group_feeds_one_target_group_the_last_that_it_was_linked_to(store: Store) -> None:
    kept(store, group_change(ChangeKind.LINK_GROUP, "Crew", after={"source_name": "Crew"}))
    kept(store, group_change(ChangeKind.LINK_GROUP, "Deck", after={"source_name": "Deck"}))
    assert all_group_links(store) == {GroupLink("g1", "deck", "Deck")}


def test_an_unlinked_group_is_unlinked_from_that_target_group_alone(store: Store) -> None:
    for name in ("crew", "deck"):
        kept(store, group_change(ChangeKind.LINK_GROUP, name, rule="groups.map", after={"source_name": "Crew"}))
    kept(store, group_change(ChangeKind.UNLINK_GROUP, "crew"))
    assert all_group_links(store) == {GroupLink("g1", "deck", "Crew")}


@pytest.mark.usefixtures("seen")
def test_a_renamed_group_takes_its_members_and_its_links_along(store: Store) -> None:
    kept(store, group_change(ChangeKind.CREATE_GROUP, "Crew"), TargetGroup("Crew", "crew"))
    kept(store, change(ChangeKind.ADD_MEMBER, group="Crew"))
    kept(store, group_change(ChangeKind.RENAME_GROUP, "Crew", before={"name": "Crew"}, after={"name": "Hands"}))
    assert target_groups(store, "crew", "hands") == [TargetGroup("Hands", "hands")]
    assert managed(store) == {ManagedMembership("a1", "hands")}
    assert {link.group_key for link in all_group_links(store)} == {"hands"}
    assert created_by_us(store) == ["Hands"]


@pytest.mark.usefixtures("seen")
def test_a_deleted_group_leaves_neither_members_nor_links(store: Store) -> None:
    kept(store, group_change(ChangeKind.CREATE_GROUP, "Crew"), TargetGroup("Crew", "crew"))
    kept(store, change(ChangeKind.ADD_MEMBER, group="Crew"))
    kept(store, group_change(ChangeKind.DELETE_GROUP, "Crew"))
    assert target_groups(store, "crew") == []
    assert (managed(store), all_group_links(store)) == (set(), set())


def test_a_group_that_was_there_already_was_not_created_by_us_but_is_linked(store: Store) -> None:
    made = group_change(ChangeKind.CREATE_GROUP, "Crew")
    store.writer.write_now(lambda tx: keep(tx, TARGET, 7, made, TargetGroup("Crew", "crew"), adopted=True))
    assert created_by_us(store) == []
    assert len(all_group_links(store)) == 1


@pytest.mark.usefixtures("seen")
def test_a_moved_lead_leaves_nothing_to_keep(store: Store) -> None:
    before = account(store)
    kept(store, change(ChangeKind.MOVE_LEAD, lead="project:ABC", after={"lead": "ben"}))
    assert (account(store), all_links(store)) == (before, [])


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_whatever_was_done_can_be_kept(store: Store, kind: ChangeKind) -> None:
    after = {"member": True, "name": "new", "active": True, "display_name": "Ada", "email": "a@x", "lead": "ben"}
    kept(store, change(kind, group="Crew", lead="project:ABC", after=after))
