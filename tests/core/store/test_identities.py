"""The identity store: what is found by what, what stays, and what a change touches."""

import sqlite3
from typing import Any

import pytest

from core.store import Store, identities, marks, member_rows
from core.store.identities import Indexed, Kind, NameTaken, Stored


def user(store: Store, name: str, provider: str = "entra", **attributes: Any) -> Stored:
    document = {"userName": name} | attributes
    return store.writer.write_now(lambda tx: identities.create(tx, provider, "User", document))


def group(store: Store, name: str, **attributes: Any) -> Stored:
    document = {"displayName": name} | attributes
    return store.writer.write_now(lambda tx: identities.create(tx, "entra", "Group", document))


def found(store: Store, attribute: Indexed, value: str, kind: Kind = "User") -> list[str]:
    with store.read() as connection:
        return [stored.id for stored in identities.find_equal(connection, "entra", kind, attribute, value)]


class TestFinding:
    def test_names_are_compared_without_case_and_in_one_unicode_form(self, store: Store) -> None:
        zoe = user(store, "Zoë@Example.com", displayName="Zoë")
        for spelling in ("zoë@example.com", "ZOË@EXAMPLE.COM", "zoe\u0308@example.com"):
            assert found(store, "userName", spelling) == [zoe.id]
        assert found(store, "displayName", "ZOE\u0308") == [zoe.id]

    def test_external_ids_and_ids_are_compared_exactly_but_for_the_unicode_form(self, store: Store) -> None:
        zoe = user(store, "zoe", externalId="Zoe\u0308")
        assert found(store, "externalId", "Zoë") == [zoe.id]
        assert found(store, "externalId", "zoë") == []
        assert found(store, "id", zoe.id) == [zoe.id]
        assert found(store, "id", zoe.id.upper()) == []

    def test_one_address_is_found_without_case(self, store: Store) -> None:
        ada = user(store, "ada", emails=[{"type": "work", "value": "Ada@Corp.local"}])
        user(store, "ben")
        assert found(store, "email", "ada@corp.LOCAL") == [ada.id]
        assert found(store, "email", "ben@corp.local") == []

    def test_each_of_several_addresses_finds_its_user_until_it_is_gone(self, store: Store) -> None:
        work, home = {"type": "work", "value": "a@x"}, {"type": "home", "value": "B@X"}
        several = user(store, "ada", emails=[work, home])
        same = user(store, "ben", emails=[{"type": "work", "value": "c@x"}, {"type": "home", "value": "C@X"}])
        assert found(store, "email", "a@x") == found(store, "email", "b@x") == [several.id]
        assert found(store, "email", "c@x") == [same.id]
        moved = {"userName": "ada", "emails": [work, home | {"value": "d@x"}]}
        several = store.writer.write_now(lambda tx: identities.replace(tx, "User", several, moved))
        assert found(store, "email", "b@x") == []
        assert found(store, "email", "d@x") == [several.id]
        store.writer.write_now(lambda tx: identities.remove(tx, "User", several))
        assert found(store, "email", "d@x") == []

    def test_an_empty_value_is_a_value(self, store: Store) -> None:
        ada = user(store, "ada", displayName="", externalId="", emails=[{"value": ""}])
        user(store, "ben")
        for attribute in ("displayName", "externalId", "email"):
            assert found(store, attribute, "") == [ada.id]  # type: ignore[arg-type]

    def test_groups_are_found_by_their_own_attributes_only(self, store: Store) -> None:
        crew = group(store, "Crew", externalId="x-1")
        assert found(store, "displayName", "CREW", "Group") == [crew.id]
        assert found(store, "externalId", "x-1", "Group") == [crew.id]
        for attribute in ("userName", "email"):
            with pytest.raises(KeyError):
                found(store, attribute, "crew", "Group")  # type: ignore[arg-type]

    def test_neither_another_providers_users_nor_the_dead_are_found(self, store: Store) -> None:
        ada = user(store, "ada")
        user(store, "ada", provider="okta")
        assert found(store, "userName", "ada") == [ada.id]
        store.writer.write_now(lambda tx: identities.remove(tx, "User", ada))
        assert found(store, "userName", "ada") == []

    @pytest.mark.parametrize("text", ["a\0b", "\ud800"])
    def test_what_no_database_could_hold_is_not_found(self, store: Store, text: str) -> None:
        user(store, "ada")
        assert found(store, "userName", text) == []
        with store.read() as connection:
            assert identities.find(connection, "entra", "User", text) is None
            assert member_rows.resolve(connection, "entra", [text]) == {}

    @pytest.mark.parametrize("attribute", ["id", "userName", "externalId", "displayName", "email"])
    def test_every_lookup_searches_an_index(self, store: Store, attribute: Indexed) -> None:
        seen: list[str] = []
        with store.read() as connection:
            driver: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
            driver.set_trace_callback(seen.append)
            identities.find_equal(connection, "entra", "User", attribute, "x")
            driver.set_trace_callback(None)
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {seen[0]}").all()
        assert not [row.detail for row in plan if row.detail.startswith("SCAN")]


class TestChanging:
    def test_a_replaced_document_keeps_the_id_and_counts_the_version_up(self, store: Store) -> None:
        ada = user(store, "ada")
        king = store.writer.write_now(lambda tx: identities.replace(tx, "User", ada, {"userName": "king"}))
        assert (king.id, king.version, king.created_at) == (ada.id, 2, ada.created_at)
        with store.read() as connection:
            assert identities.find(connection, "entra", "User", ada.id) == king

    def test_counting_the_version_up_leaves_the_document_and_its_cause(self, store: Store) -> None:
        crew = store.writer.write_now(lambda tx: identities.create(tx, "entra", "Group", {"displayName": "Crew"}, 7))
        counted = store.writer.write_now(lambda tx: identities.count_version_up(tx, "Group", crew))
        assert (counted.version, counted.document) == (2, crew.document)
        with store.read() as connection:
            assert identities.find(connection, "entra", "Group", crew.id) == counted
            assert connection.exec_driver_sql("SELECT exchange FROM groups").scalar_one() == 7

    def test_a_name_is_free_again_once_its_holder_is_gone(self, store: Store) -> None:
        ada = user(store, "ada")
        with pytest.raises(NameTaken):
            user(store, "ADA")
        store.writer.write_now(lambda tx: identities.remove(tx, "User", ada))
        assert user(store, "ADA").id != ada.id

    def test_removing_a_group_ends_its_memberships_and_those_it_had_itself(self, store: Store) -> None:
        ada, crew, all_hands = user(store, "ada"), group(store, "Crew"), group(store, "All hands")
        store.writer.write_now(lambda tx: member_rows.add(tx, crew.key, [(False, ada.key, None)]))
        store.writer.write_now(lambda tx: member_rows.add(tx, all_hands.key, [(True, crew.key, "the crew")]))
        with store.read() as connection:
            assert [m.display for m in member_rows.members(connection, all_hands.key)] == ["the crew"]
            assert [m.display for m in member_rows.groups_of(connection, ada.key)] == ["Crew"]
        store.writer.write_now(lambda tx: identities.remove(tx, "Group", crew))
        with store.read() as connection:
            assert member_rows.members(connection, all_hands.key) == []
            assert member_rows.groups_of(connection, ada.key) == []


class TestCounting:
    def test_live_resources_are_counted_as_they_come_and_go(self, store: Store) -> None:
        ada = user(store, "ada")
        user(store, "ben")
        user(store, "ada", provider="okta")
        group(store, "Crew")
        store.writer.write_now(lambda tx: identities.remove(tx, "User", ada))
        store.writer.write_now(lambda tx: identities.remove(tx, "User", ada))
        with store.read() as connection:
            assert identities.live_count(connection, "entra", "User") == 1
            assert identities.live_count(connection, "okta", "User") == 1
            assert identities.live_count(connection, "entra", "Group") == 1
            assert identities.live_count(connection, "okta", "Group") == 0

    def test_a_refused_one_is_not_counted(self, store: Store) -> None:
        user(store, "ada")
        with pytest.raises(NameTaken):
            user(store, "ADA")
        with store.read() as connection:
            assert identities.live_count(connection, "entra", "User") == 1


def test_a_page_begins_where_it_should_and_ends_with_the_last(store: Store) -> None:
    ids = [user(store, f"u{number}").id for number in range(7)]
    with store.read() as connection:
        assert [row.id for row in identities.page(connection, "entra", "User", 2, 3)[1]] == ids[2:5]
        assert [row.id for row in identities.page(connection, "entra", "User", 5, 3)[1]] == ids[5:]
        assert identities.page(connection, "entra", "User", 7, 3) == (7, [])
        assert [row.id for row in identities.page(connection, "entra", "User", 0, None)[1]] == ids


def test_a_page_far_behind_is_right_whoever_comes_and_goes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "EVERY", 2)
    users = [user(store, f"u{number}") for number in range(9)]

    def listed(offset: int) -> list[str]:
        with store.read() as connection:
            return [row.id for row in identities.page(connection, "entra", "User", offset, 2)[1]]

    def expected(offset: int) -> list[str]:
        return [each.id for each in users[offset : offset + 2]]

    for gone in (None, 0, 5):
        if gone is not None:
            store.writer.write_now(lambda tx, gone=gone: identities.remove(tx, "User", users.pop(gone)))
        for offset in range(len(users) + 1):
            assert listed(offset) == expected(offset)
        users.append(user(store, f"new{gone}"))
        assert listed(len(users) - 2) == expected(len(users) - 2)
