"""Lists of users and groups: counted, in an order, page by page, and many groups in one statement."""

import pytest

from core.store import Store, identities, listing, matching, member_rows
from core.store.identities import Kind, Stored
from core.store.listing import Order, Place
from core.store.matching import EVERYTHING, Condition


def user(store: Store, name: str, provider: str = "entra", **more: object) -> Stored:
    document = {"userName": name, **more}
    return store.writer.write_now(lambda tx: identities.create(tx, provider, "User", document))


def group(store: Store, name: str, *members: Stored) -> Stored:
    made = store.writer.write_now(lambda tx: identities.create(tx, "entra", "Group", {"displayName": name}))
    store.writer.write_now(lambda tx: member_rows.add(tx, made.key, [(False, each.key, None) for each in members]))
    return made


def condition(kind: Kind, name: str, op: matching.Operator, value: object) -> Condition:
    found = matching.compared(kind, name, op, value)
    assert found is not None
    return found


@pytest.fixture
def people(store: Store) -> list[Stored]:
    user(store, "elsewhere", "okta")
    gone = user(store, "gone")
    store.writer.write_now(lambda tx: identities.remove(tx, "User", gone))
    return [user(store, "ben", displayName="B"), user(store, "ada"), user(store, "zoe", displayName="A")]


def test_only_what_is_live_and_the_providers_is_counted_and_listed(store: Store, people: list[Stored]) -> None:
    with store.read() as connection:
        assert listing.count(connection, "entra", "User", EVERYTHING) == 3
        found = listing.places(connection, "entra", "User", EVERYTHING, 10)
        assert [place.key for place in found] == [each.key for each in people]
        assert listing.at(connection, "User", [place.key for place in found]) == people
        (chunk,) = listing.every(connection, "entra", "User", EVERYTHING)
        assert chunk == [(each, True) for each in people]


def test_missing_values_are_last_and_first_when_descending(store: Store, people: list[Stored]) -> None:
    ben, ada, zoe = people
    with store.read() as connection:
        for order, expected in ((Order("displayName"), [zoe, ben, ada]), (Order("displayName", True), [ada, ben, zoe])):
            found = listing.places(connection, "entra", "User", EVERYTHING, 10, order=order)
            assert listing.at(connection, "User", [place.key for place in found]) == expected
            for at, place in enumerate(found):
                assert (
                    listing.places(connection, "entra", "User", EVERYTHING, 9, order=order, after=place)
                    == found[at + 1 :]
                )


def test_a_place_whose_resource_is_gone_still_has_what_is_behind_it(store: Store, people: list[Stored]) -> None:
    ben, _, zoe = people
    store.writer.write_now(lambda tx: identities.remove(tx, "User", ben))
    with store.read() as connection:
        assert listing.at(connection, "User", [zoe.key, ben.key]) == [zoe]
        order, last = Order("userName"), Place(ben.key, "ben")
        found = listing.places(connection, "entra", "User", EVERYTHING, 9, order=order, after=last)
        assert [place.key for place in found] == [zoe.key]


def test_more_resources_than_one_chunk_are_all_looked_at(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CHUNK", 2)
    everybody = [user(store, f"u{number}", active=number % 2 == 0).key for number in range(5)]
    with store.read() as connection:
        chunks = list(listing.every(connection, "entra", "User", EVERYTHING))
    assert [[stored.key for stored, _ in chunk] for chunk in chunks] == [everybody[:2], everybody[2:4], everybody[4:]]
    assert [is_active for chunk in chunks for _, is_active in chunk] == [True, False, True, False, True]


@pytest.mark.parametrize("number", [0, 1, 10, 11, 130])
def test_the_groups_of_many_users_are_read_together(store: Store, number: int) -> None:
    users = [user(store, f"u{at}") for at in range(number)]
    everybody = group(store, "Everybody", *users)
    odd = group(store, "Odd", *users[1::2])
    with store.read() as connection:
        found = listing.groups_of(connection, [each.key for each in users])
    for at, each in enumerate(users):
        assert [of.id for of in found[each.key]] == [everybody.id, *([odd.id] if at % 2 else [])]


def test_conditions_look_at_the_providers_own_resources(store: Store) -> None:
    """Two providers may know the same address, and a group's members are of its own."""
    ada, other = ({"emails": [{"value": "a@x"}, {"value": f"{name}@x"}]} for name in "bc")
    mine, theirs = user(store, "ada", **ada), user(store, "ada", "okta", **other)
    alone = user(store, "ben", emails=[{"value": "A@x"}])
    crew = group(store, "Crew", mine)
    with store.read() as connection:

        def found(kind: Kind, name: str, value: str) -> list[int]:
            where = condition(kind, name, "eq", value)
            return [place.key for place in listing.places(connection, "entra", kind, where, 9)]

        assert found("User", "emails.value", "a@X") == [mine.key, alone.key]
        assert found("User", "groups.value", crew.id) == [mine.key]
        assert found("Group", "members.value", mine.id) == [crew.key]
        assert found("Group", "members.value", theirs.id) == []
