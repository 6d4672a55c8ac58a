"""Searching the changes of a run for words."""

from dataclasses import replace

import pytest
from test_plans import plans, statements, walks

from core.cli import change_table
from core.planning.changes import Because, Change, ChangeKind
from core.store import Store, Transaction, change_search, changes, runs

ADA = Change(
    ChangeKind.CREATE_ACCOUNT,
    Because("Ada is assigned to the application", "users.create"),
    "ada",
    after={"email": "ada@example.com", "active": True},
)
BEN = Change(ChangeKind.ADD_MEMBER, Because("ben is in Straße", "groups.map"), "ben", group="Straße", user_id="u-ben")
CYD = Change(
    ChangeKind.UPDATE_ACCOUNT,
    Because("another name", "users.update"),
    "cyd",
    before={"display_name": 'Cyd "the\\kid" Ray'},
    after={"display_name": None},
)


@pytest.fixture
def run(store: Store) -> int:
    """A run with three changes, of which the second failed."""

    def write(tx: Transaction) -> int:
        number = runs.start(tx, "wiki", "order", "all")
        changes.plan(tx, number, "wiki", 0, [ADA, BEN, CYD])
        other = runs.start(tx, "wiki", "order", "all")
        changes.plan(tx, other, "wiki", 0, [ADA])
        second = changes.of_run(tx.connection, number)[1]
        changes.intend(tx, second.id)
        changes.settle(tx, second.id, "failed", "409: Conflict")
        return number

    return store.writer.write_now(write)


WORDS = {
    "ada": [0],
    "ADA Application": [0],
    "create-account": [0],
    "true": [0],
    "strasse": [1],
    "failed 409": [1],
    '"the\\kid"': [2],
    "cyd planned": [2],
    "planned": [0, 2],
    "users.create": [],
    "display_name": [],
    "ada ben": [],
    "": [0, 1, 2],
}


@pytest.mark.parametrize(("words", "expected"), WORDS.items())
def test_all_words_are_looked_for_in_what_why_how_and_in_the_states_around_it(
    store: Store, run: int, words: str, expected: list[int]
) -> None:
    with store.read() as connection:
        assert change_search.matching(connection, run, words, 0, 9) == expected


@pytest.mark.parametrize("words", WORDS)
def test_the_command_finds_the_same(store: Store, run: int, words: str) -> None:
    with store.read() as connection:
        found = [changes.opened(connection, each.id) for each in changes.of_run(connection, run)]
        by_command = [each[0].position for each in found if each and change_table.has_words(*each, words)]
        assert change_search.matching(connection, run, words, 0, 9) == by_command


def test_only_the_positions_asked_for_are_looked_at(store: Store, run: int) -> None:
    with store.read() as connection:
        assert change_search.matching(connection, run, "", 1, 1) == [1]
        assert change_search.matching(connection, run, "", 3, 9) == []


def test_changes_are_read_by_their_positions_in_order(store: Store, run: int) -> None:
    with store.read() as connection:
        assert [found.account for found in change_search.at(connection, run, [2, 0, 7])] == ["ada", "cyd"]


def test_a_word_of_another_change_is_not_found_in_this_one() -> None:
    assert not change_search.has_words(replace(ADA, account=None), "planned", None, ["409"])


def test_both_search_by_index_and_never_walk_the_table(store: Store, run: int) -> None:
    with store.read() as connection:
        with statements(connection) as seen:
            change_search.matching(connection, run, "ada", 0, 9)
            change_search.at(connection, run, [0, 2])
        assert len(seen) == 2
        assert walks(plans(connection, seen)) == []
