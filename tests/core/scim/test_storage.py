"""The library's own contract of a storage, run over the identity store, and what the contract leaves to us."""

from collections.abc import Iterator
from typing import Any

import pytest
from scim2_models import InvalidValueException
from scim2_models import ResourceType as Type
from scim2_server.testing import ScimStorageContract

from core.scim.models import EnterpriseUser, Group, User
from core.scim.storage import IdentityStorage
from core.scim.writes import Writes
from core.store import Store, Transaction
from core.store.identities import Kind


@pytest.fixture
def storage(store: Store) -> Iterator[IdentityStorage]:
    engine = store.backend.open_writer()
    with engine.connect() as connection, connection.begin():
        writes = Writes("entra", Transaction(connection, store.backend, store.writer))
        yield IdentityStorage("entra", connection, writes)
    engine.dispose()


class TestTheLibrarysContract(ScimStorageContract):
    @pytest.fixture
    def storage(self, storage: IdentityStorage) -> IdentityStorage:
        return storage


USER = Type(id="User", name="User", endpoint="/Users", schema=User.__schema__)
GROUP = Type(id="Group", name="Group", endpoint="/Groups", schema=Group.__schema__)


def touched(storage: IdentityStorage) -> dict[Kind, set[str]]:
    assert storage._writes is not None
    return storage._writes.touched


def new_user(storage: IdentityStorage, name: str) -> Any:
    return storage.create(USER, User[EnterpriseUser](user_name=name))


def new_group(storage: IdentityStorage, *ids: str) -> Any:
    members = [Group.Members(value=id) for id in ids]
    return storage.create(GROUP, Group(display_name="Jira Users", members=members))


def test_a_group_shows_its_members_and_a_user_its_groups(storage: IdentityStorage) -> None:
    ada = new_user(storage, "ada")
    group = new_group(storage, ada.id)
    assert [(m.value, m.display) for m in storage.get(GROUP, group.id).members] == [(ada.id, "ada")]  # type: ignore[attr-defined]
    assert [g.value for g in storage.get(USER, ada.id).groups] == [group.id]  # type: ignore[attr-defined]


def test_deleting_a_user_ends_its_memberships(storage: IdentityStorage) -> None:
    ada, ben = new_user(storage, "ada"), new_user(storage, "ben")
    group = new_group(storage, ada.id, ben.id)
    storage.delete(USER, ada.id)
    assert [m.value for m in storage.get(GROUP, group.id).members] == [ben.id]  # type: ignore[attr-defined]


def test_a_deleted_user_does_not_block_its_name_and_its_id_is_not_used_again(storage: IdentityStorage) -> None:
    first = new_user(storage, "ada")
    storage.delete(USER, first.id)
    assert new_user(storage, "ADA").id != first.id


def test_a_member_that_is_not_known_is_refused_by_its_value(storage: IdentityStorage) -> None:
    with pytest.raises(InvalidValueException, match="somebody"):
        new_group(storage, "somebody")


def test_the_password_is_never_kept(storage: IdentityStorage, store: Store) -> None:
    storage.create(USER, User[EnterpriseUser](user_name="ada", password="hunter2-secret"))
    documents = storage._connection.exec_driver_sql("SELECT document FROM users").scalars().all()
    assert documents
    assert all(b"hunter2" not in document for document in documents)


class TestWhatAWriteTouches:
    """A touched group makes all its members be planned, so a group is touched for its own sake only."""

    @pytest.fixture
    def people(self, storage: IdentityStorage) -> list[Any]:
        return [new_user(storage, name) for name in ("ada", "ben", "eva")]

    @pytest.fixture
    def crew(self, storage: IdentityStorage, people: list[Any]) -> Any:
        crew = new_group(storage, people[0].id, people[1].id)
        assert touched(storage) == {"User": {person.id for person in people}, "Group": {crew.id}}
        forget(storage)
        return crew

    def test_who_comes_and_who_goes_but_neither_the_group_nor_who_stays(
        self, storage: IdentityStorage, people: list[Any], crew: Any
    ) -> None:
        ada, ben, eva = people
        crew.members = [Group.Members(value=ben.id), Group.Members(value=eva.id)]
        changed = storage.update(GROUP, crew)
        assert touched(storage) == {"User": {ada.id, eva.id}, "Group": set()}
        assert changed.meta is not None
        assert changed.meta.version == 'W/"2"'  # the group as it is read did change

    def test_a_renamed_group_but_not_its_members_one_by_one(self, storage: IdentityStorage, crew: Any) -> None:
        crew.display_name = "Jira Staff"
        storage.update(GROUP, crew)
        assert touched(storage) == {"User": set(), "Group": {crew.id}}

    def test_a_member_under_another_name_touches_nobody_but_is_another_version(
        self, storage: IdentityStorage, people: list[Any], crew: Any
    ) -> None:
        crew.members[0].display = "Countess Lovelace"
        changed: Any = storage.update(GROUP, crew)
        assert touched(storage) == {"User": set(), "Group": set()}
        assert (changed.meta.version, changed.members[0].display) == ('W/"2"', "Countess Lovelace")

    def test_an_update_that_changes_nothing_touches_nothing_and_keeps_version_and_time(
        self, storage: IdentityStorage, people: list[Any], crew: Any
    ) -> None:
        for kind, resource in ((GROUP, crew), (USER, people[0])):
            before = storage.get(kind, resource.id)
            same = storage.update(kind, storage.get(kind, resource.id))
            assert same.meta == before.meta
        assert touched(storage) == {"User": set(), "Group": set()}

    def test_a_deleted_group_and_its_users(self, storage: IdentityStorage, people: list[Any], crew: Any) -> None:
        storage.delete(GROUP, crew.id)
        assert touched(storage) == {"User": {people[0].id, people[1].id}, "Group": {crew.id}}

    def test_a_group_inside_a_group_is_no_user(self, storage: IdentityStorage, crew: Any) -> None:
        storage.create(GROUP, Group(display_name="All hands", members=[Group.Members(value=crew.id)]))
        assert touched(storage)["User"] == set()


def forget(storage: IdentityStorage) -> None:
    for ids in touched(storage).values():
        ids.clear()


@pytest.mark.parametrize(
    ("name", "says"),
    [("", "it is empty"), (" \t", "it is empty"), ("a\0b", r"U\+0000"), ("a\nb", r"U\+000A"), ("a\x9bb", r"U\+009B")],
)
def test_a_name_that_no_product_could_take_is_refused(storage: IdentityStorage, name: str, says: str) -> None:
    with pytest.raises(InvalidValueException, match=f"userName: .*{says}"):
        storage.create(USER, User[EnterpriseUser](user_name=name))
    with pytest.raises(InvalidValueException, match=f"displayName: .*{says}"):
        storage.create(GROUP, Group(display_name=name))
    ada = new_user(storage, "ada")
    ada.user_name = name
    with pytest.raises(InvalidValueException, match=f"userName: .*{says}"):
        storage.update(USER, ada)


def test_no_text_anywhere_holds_a_nul_which_no_database_keeps(storage: IdentityStorage) -> None:
    for user in (
        User[EnterpriseUser](user_name="ada", external_id="\0"),
        User[EnterpriseUser](user_name="ada", name=User.Name(given_name="\0")),
        User[EnterpriseUser](user_name="ada", phone_numbers=[User.PhoneNumbers(value="\0")]),
    ):
        with pytest.raises(InvalidValueException, match=r"U\+0000"):
            storage.create(USER, user)
    lines = User[EnterpriseUser](user_name="ada", display_name="Ada\tKing")
    assert storage.create(USER, lines).id
