"""The library's own contract of a storage, run over the identity store, and what the contract leaves to us."""

from collections.abc import Iterator
from typing import Any

import pytest
from scim2_models import EnterpriseUser, Group, InvalidValueException, User
from scim2_models import ResourceType as Type
from scim2_server.testing import ScimStorageContract

from core.scim.storage import IdentityStorage
from core.store import Store, Transaction


@pytest.fixture
def storage(store: Store) -> Iterator[IdentityStorage]:
    engine = store.backend.open_writer()
    with engine.connect() as connection, connection.begin():
        yield IdentityStorage("entra", connection, Transaction(connection, store.backend, store.writer))
    engine.dispose()


class TestTheLibrarysContract(ScimStorageContract):
    @pytest.fixture
    def storage(self, storage: IdentityStorage) -> IdentityStorage:
        return storage


USER = Type(id="User", name="User", endpoint="/Users", schema=User.__schema__)
GROUP = Type(id="Group", name="Group", endpoint="/Groups", schema=Group.__schema__)


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
