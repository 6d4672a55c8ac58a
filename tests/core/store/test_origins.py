"""How what is remembered came about."""

from core.planning.values import Account, GroupLink, TargetGroup
from core.store import Store, Transaction, group_links, identities, links, noted, observed, origins, pending


def test_a_link_says_how_and_by_which_run_it_came(store: Store) -> None:
    store.writer.write_now(lambda tx: links.put(tx, "wiki", "u-ada", "a-ada", "ada", "ada", "matched by name", 7))
    with store.read() as connection:
        found = origins.of_link(connection, "wiki", "u-ada")
        assert found is not None
        assert (found.how, found.run) == ("matched by name", 7)
        assert origins.of_link(connection, "jira", "u-ada") is None


def test_the_link_of_a_group_says_by_which_name_it_came(store: Store) -> None:
    store.writer.write_now(lambda tx: group_links.put(tx, "wiki", GroupLink("g-1", "staff", "Staff"), 7))
    with store.read() as connection:
        found = origins.of_group_link(connection, "wiki", "g-1", "staff")
        assert found is not None
        assert (found.how, found.run) == ("Staff", 7)
        assert origins.of_group_link(connection, "wiki", "g-1", "other") is None


def test_a_group_says_whether_manciple_created_it(store: Store) -> None:
    def write(tx: Transaction) -> None:
        observed.see_groups(tx, "wiki", [TargetGroup("Local", "local")])
        noted.groups(tx, "wiki", [TargetGroup("Staff", "staff")])

    store.writer.write_now(write)
    with store.read() as connection:
        found = [origins.of_group(connection, "wiki", key) for key in ("local", "staff")]
        assert [each.created_by_us for each in found if each] == [False, True]
        assert origins.of_group(connection, "wiki", "gone") is None


def test_a_pending_key_says_until_when_it_waits(store: Store) -> None:
    store.writer.write_now(lambda tx: pending.touch(tx, ["wiki"], "user", ["u-ada"], 3, {"u-ada": 1 << 50}))
    with store.read() as connection:
        found = origins.of_pending(connection, "wiki", "user", "u-ada")
        assert found is not None
        assert (found.due_at, found.attempts, found.exchange) == (1 << 50, 0, 3)
        assert origins.of_pending(connection, "wiki", "group", "u-ada") is None


def test_a_living_user_comes_before_those_of_its_name_that_are_deleted(store: Store) -> None:
    def write(tx: Transaction) -> list[str]:
        first = identities.create(tx, "entra", "User", {"userName": "ada"})
        identities.remove(tx, "User", first)
        second = identities.create(tx, "entra", "User", {"userName": "Ada"})
        return [second.id, first.id]

    ids = store.writer.write_now(write)
    with store.read() as connection:
        assert origins.users_called(connection, "entra", "ADA") == ids


def test_names_that_begin_as_one_does_or_contain_it_are_like_it(store: Store) -> None:
    def write(tx: Transaction) -> None:
        identities.create(tx, "entra", "User", {"userName": "ada@example.com"})
        identities.create(tx, "entra", "Group", {"displayName": "All of adam"})
        identities.create(tx, "entra", "User", {"userName": "bob"})
        observed.see_accounts(tx, "wiki", [Account("a-1", "adaline", "adaline", None, None, True)])
        observed.see_groups(tx, "wiki", [TargetGroup("%a", "%a")])

    store.writer.write_now(write)
    with store.read() as connection:
        assert origins.names_like(connection, "entra", "wiki", "adam", 10) == [
            "ada@example.com",
            "adaline",
            "All of adam",
        ]
        assert origins.names_like(connection, "entra", "wiki", "%a", 10) == ["%a"]
