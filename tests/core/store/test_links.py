from core.planning.values import Account, Link
from core.store import Store, links


def put(store: Store, user: str, account: str, name: str, target: str = "wiki") -> None:
    store.writer.write_now(lambda tx: links.put(tx, target, user, account, name, name.lower(), "created", 1))


def all_links(store: Store, target: str = "wiki") -> set[Link]:
    with store.read() as connection:
        return set(links.all_links(connection, target))


def test_links_are_found_by_user_by_account_and_by_the_accounts_name(store: Store) -> None:
    put(store, "u1", "a1", "Ada")
    put(store, "u2", "a2", "Ben")
    put(store, "u1", "j1", "ada", target="jira")
    ada = Link("u1", "a1", "Ada")
    with store.read() as connection:
        assert links.of_users(connection, "wiki", ["u1", "u9"]) == [ada]
        assert links.of_accounts(connection, "wiki", ["a1"]) == [ada]
        assert links.of_names(connection, "wiki", ["ada"]) == [ada]
        assert links.of_names(connection, "wiki", []) == []


def test_many_links_are_found_at_once(store: Store) -> None:
    for number in range(3):
        put(store, f"u{number}", f"a{number}", f"n{number}")
    with store.read() as connection:
        assert len(links.of_users(connection, "wiki", [f"u{number}" for number in range(1200)])) == 3


def test_a_user_has_one_account_and_an_account_one_user(store: Store) -> None:
    put(store, "u1", "a1", "ada")
    put(store, "u2", "a2", "ben")
    put(store, "u1", "a2", "ben")
    assert all_links(store) == {Link("u1", "a2", "ben")}


def test_a_link_takes_nothing_from_another_target(store: Store) -> None:
    put(store, "u1", "a1", "ada", target="jira")
    put(store, "u1", "a1", "ada")
    assert len(all_links(store)) == len(all_links(store, "jira")) == 1


def test_a_link_follows_its_account_to_another_name(store: Store) -> None:
    put(store, "u1", "a1", "ada")
    renamed = Account("a1", "Lovelace", "lovelace", "Ada", None, True)
    stranger = Account("a9", "ada", "ada", "Adam", None, True)
    store.writer.write_now(lambda tx: links.follow_names(tx, "wiki", [renamed, stranger]))
    assert all_links(store) == {Link("u1", "a1", "Lovelace")}
    with store.read() as connection:
        assert links.of_names(connection, "wiki", ["lovelace"])
        assert links.of_names(connection, "wiki", ["ada"]) == []


def test_a_new_account_is_new_until_it_was_given_all_that_new_ones_get(store: Store) -> None:
    store.writer.write_now(lambda tx: links.put(tx, "wiki", "u1", "a1", "ada", "ada", "created", 1, is_new=True))
    put(store, "u2", "a2", "ben")
    assert all_links(store) == {Link("u1", "a1", "ada", is_new=True), Link("u2", "a2", "ben")}
    store.writer.write_now(lambda tx: links.note_served(tx, "wiki", ["u1", "u2"]))
    assert all_links(store) == {Link("u1", "a1", "ada"), Link("u2", "a2", "ben")}


def test_a_removed_link_is_gone_at_that_target_alone(store: Store) -> None:
    put(store, "u1", "a1", "ada")
    put(store, "u1", "a1", "ada", target="jira")
    store.writer.write_now(lambda tx: links.remove(tx, "wiki", "u1"))
    with store.read() as connection:
        assert (links.count(connection, "wiki"), links.count(connection, "jira")) == (0, 1)
