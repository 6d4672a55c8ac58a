"""Users and groups as one long list: windows, what each has at a target, and the search."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection
from test_plans import plans, statements, walks

from core.planning.changes import Conflict
from core.planning.values import Account, GroupLink, TargetGroup
from core.store import Store, Transaction, conflicts, group_links, identities, links, observed, people
from core.store.identities import Kind, Stored
from core.store.people import Listed, Place


def create(store: Store, kind: Kind, document: dict[str, Any], provider: str = "entra") -> Stored:
    return store.writer.write_now(lambda tx: identities.create(tx, provider, kind, document))


def user(store: Store, name: str, *, provider: str = "entra", **more: Any) -> Stored:
    return create(store, "User", {"userName": name, **more}, provider)


def group(store: Store, name: str, **more: Any) -> Stored:
    return create(store, "Group", {"displayName": name, **more})


def names(found: list[Listed]) -> list[str]:
    return [each.name for each in found]


def dispute(tx: Transaction, *subjects: str) -> None:
    """A conflict that waits for a decision, about each."""
    found = [Conflict("C10", subject, "Taken", "It is.", {}, ()) for subject in subjects]
    conflicts.record(tx, "wiki", 1, found, lambda _: True)


def test_windows_go_through_all_providers_as_they_came_with_the_deleted_ones(store: Store) -> None:
    gone = user(store, "gone")
    store.writer.write_now(lambda tx: identities.remove(tx, "User", gone))
    for name in ("ben", "ada", "cyd"):
        user(store, name, provider="okta" if name == "ada" else "entra")
    with store.read() as connection:
        assert names(people.window(connection, "User", 0, 3)) == ["gone", "ben", "ada"]
        assert names(people.window_ending(connection, "User", people.last(connection, "User"), 2)) == ["ada", "cyd"]
        assert people.first(connection, "User") == gone.key
        assert people.count(connection, "User") == 3
        first, second = people.window(connection, "User", 0, 2)
        assert names(people.at(connection, "User", [second.key, first.key, 999])) == ["gone", "ben"]
    assert (first.is_deleted, second.is_deleted) == (True, False)


def test_an_empty_store_has_no_first_and_no_last(store: Store) -> None:
    with store.read() as connection:
        ends = (people.first(connection, "Group"), people.last(connection, "Group"), people.count(connection, "Group"))
        assert ends == (0, 0, 0)
        assert people.window(connection, "Group", 0, 5) == []


def test_a_user_is_shown_with_its_account_and_whether_that_is_active(store: Store) -> None:
    ada, ben, cyd = (user(store, name) for name in ("ada", "ben", "cyd"))

    def write(tx: Transaction) -> None:
        links.put(tx, "wiki", ada.id, "a1", "Ada.King", "ada.king", "created", 1)
        links.put(tx, "wiki", ben.id, "a2", "ben", "ben", "created", 1)
        observed.see_accounts(tx, "wiki", [Account("a2", "ben", "ben", "Ben", "b@x", False)])
        dispute(tx, f"user:{cyd.id}", f"user:{ben.id}")

    store.writer.write_now(write)
    with store.read() as connection:
        found = people.places(connection, "User", "wiki", [ada.id, ben.id, cyd.id])
        assert found == {
            ada.id: Place(("Ada.King",)),
            ben.id: Place(("ben",), is_inactive=True, has_conflict=True),
            cyd.id: Place(has_conflict=True),
        }
        assert people.places(connection, "User", "docs", [ada.id]) == {}


def test_a_group_is_shown_with_the_target_groups_that_it_feeds(store: Store) -> None:
    staff, guests, idle = (group(store, name) for name in ("Staff", "Guests", "Idle"))

    def write(tx: Transaction) -> None:
        observed.see_groups(tx, "wiki", [TargetGroup("Confluence-Users", "confluence-users")])
        for key in ("confluence-users", "all"):
            group_links.put(tx, "wiki", GroupLink(staff.id, key, "Staff"), 1)
        dispute(tx, f"group:{guests.id}", "target-group:all")

    store.writer.write_now(write)
    with store.read() as connection:
        assert people.places(connection, "Group", "wiki", [staff.id, guests.id, idle.id]) == {
            staff.id: Place(("Confluence-Users", "all"), has_conflict=True),
            guests.id: Place(has_conflict=True),
        }


def test_a_conflict_that_was_answered_is_no_conflict_any_more(store: Store) -> None:
    ada = user(store, "ada")

    def write(tx: Transaction) -> None:
        dispute(tx, f"user:{ada.id}")
        conflicts.put_aside(tx, 1, "answered", answer=1)

    store.writer.write_now(write)
    with store.read() as connection:
        assert people.places(connection, "User", "wiki", [ada.id]) == {}


@pytest.mark.parametrize(
    ("is_active", "is_deleted", "places", "state"),
    [
        (True, False, [], "unlinked"),
        (True, False, [Place(), Place(("ada",))], "linked"),
        (False, False, [Place(("ada",))], "inactive"),
        (False, True, [Place(("ada",))], "deleted"),
        (True, True, [Place(("ada",), has_conflict=True)], "conflict"),
    ],
)
def test_what_needs_an_admin_is_said_first(
    is_active: bool, is_deleted: bool, places: list[Place], state: people.State
) -> None:
    assert people.state_of(Listed(1, "u1", "entra", "ada", None, is_active, is_deleted), places) == state


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("LOVE", ["ada@corp"]),
        ("king ada", ["ada@corp"]),
        ("ada ben", []),
        ("@corp", ["ada@corp", "ben@corp"]),
        ("mail.example", ["ben@corp"]),
        ("émile", ["ben@corp"]),
        ("x-17", ["ada@corp"]),
        ("x-1", []),
        ("100%", ["odd_100%"]),
        ("_", ["odd_100%"]),
        ("nul\0", []),
        ("\ud800", []),
    ],
)
def test_a_search_finds_all_words_in_names_and_address_or_a_whole_id(
    store: Store, words: str, expected: list[str]
) -> None:
    user(store, "ada@corp", displayName="Ada King-Lovelace", externalId="x-17")
    user(store, "ben@corp", displayName="Ben Émile", emails=[{"value": "Ben@Mail.example"}])
    user(store, "odd_100%")
    with store.read() as connection:
        found = people.matching(connection, "User", words, 1, 100)
        assert names(people.at(connection, "User", found)) == expected


def test_a_search_stays_in_its_range_and_finds_groups_and_ids(store: Store) -> None:
    staff, more = group(store, "Staff"), group(store, "More staff")
    with store.read() as connection:
        assert people.matching(connection, "Group", "staff", 1, 100) == [staff.key, more.key]
        assert people.matching(connection, "Group", "staff", more.key, 100) == [more.key]
        assert people.matching(connection, "Group", staff.id, 1, 100) == [staff.key]


QUERIES: dict[str, Callable[[Connection, Kind], object]] = {
    "the lowest key": people.first,
    "the highest key": people.last,
    "a window": lambda c, kind: people.window(c, kind, 50, 20),
    "a window that ends": lambda c, kind: people.window_ending(c, kind, 50, 20),
    "those of a search": lambda c, kind: people.at(c, kind, [5, 7]),
    "what they have at a target": lambda c, kind: people.places(c, kind, "wiki", ["a", "b"]),
}


@pytest.mark.parametrize("kind", ["User", "Group"])
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_what_a_list_asks_for_searches_an_index(
    store: Store, kind: Kind, query: Callable[[Connection, Kind], object]
) -> None:
    with store.read() as connection:
        with statements(connection) as seen:
            query(connection, kind)
        steps = plans(connection, seen)
    assert steps
    assert walks(steps) == []


@pytest.mark.parametrize("kind", ["User", "Group"])
def test_a_step_of_a_search_walks_no_more_than_its_range(store: Store, kind: Kind) -> None:
    with store.read() as connection:
        with statements(connection) as seen:
            people.matching(connection, kind, "ada king", 5000, 10_000)
        steps = plans(connection, seen)
    assert steps == [f"SEARCH {kind.lower()}s USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]
