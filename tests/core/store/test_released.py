"""Names given up: kept for good, by key, with whose they were."""

from core.planning.values import Released
from core.store import Store, identities, released


def hired(store: Store, name: str) -> str:
    document = {"userName": name, "displayName": name.title(), "externalId": f"x-{name}", "active": True}
    return store.writer.write_now(lambda tx: identities.create(tx, "entra", "User", document)).id


def put(store: Store, name: str, user: str, how: str = "deleted") -> int:
    store.writer.write_now(lambda tx: released.put(tx, "wiki", name, user, f"a-{name}", how, 7))
    return 7


def names(store: Store, *keys: str) -> list[Released]:
    with store.read() as connection:
        return released.of_names(connection, "wiki", keys) if keys else released.all_names(connection, "wiki")


def test_a_name_is_found_by_its_key_with_the_person_whose_it_was(store: Store) -> None:
    ada = hired(store, "ada")
    put(store, "Ada", ada)
    put(store, "eve", "gone")
    (found,) = names(store, "ada")
    assert (found.key, found.name, found.user_id, found.whose, found.external_id) == ("ada", "Ada", ada, "Ada", "x-ada")
    assert (found.account_id, found.how) == ("a-Ada", "deleted")
    assert {each.key for each in names(store)} == {"ada", "eve"}


def test_of_a_name_the_last_one_counts(store: Store) -> None:
    put(store, "ada", "u1")
    put(store, "ADA", "u2", "renamed")
    (found,) = names(store)
    assert (found.user_id, found.how, found.whose) == ("u2", "renamed", "another user")


def test_names_of_another_target_are_not_told(store: Store) -> None:
    put(store, "ada", "u1")
    with store.read() as connection:
        assert released.all_names(connection, "jira") == []
        assert released.of_names(connection, "jira", ["ada"]) == []
