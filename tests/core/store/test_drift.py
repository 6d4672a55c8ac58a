"""Drift as it is kept: opened, kept open, cleared; and what has nobody behind it."""

from core.planning.drift import Drifted
from core.planning.values import Account, GroupLink, TargetGroup
from core.store import Store, Transaction, drift, group_links, links, noted, observed

CHANGED = Drifted("account-changed", "ada", "a-ada", None, "email", "ada@x", "king@x")


def account(name: str, *, active: bool = True) -> Account:
    return Account(f"a-{name}", name, name, name.title(), None, active)


def note(store: Store, *drifted: Drifted, run: int = 1) -> None:
    store.writer.write_now(lambda tx: drift.found(tx, "wiki", run, drifted))


def open_ones(store: Store, *, kept: bool = False) -> list[drift.Listed]:
    with store.read() as connection:
        return drift.open_ones(connection, "wiki", 10, kept=kept)


def test_a_difference_is_reported_until_it_is_cleared(store: Store) -> None:
    note(store, CHANGED)
    (row,) = open_ones(store)
    assert (row.kind, row.name, row.field, row.before, row.after) == (
        "account-changed",
        "ada",
        "email",
        "ada@x",
        "king@x",
    )
    store.writer.write_now(lambda tx: drift.clear(tx, [row.id]))
    assert open_ones(store) == []


def test_what_changes_once_more_is_reported_as_it_is_now(store: Store) -> None:
    note(store, CHANGED)
    note(store, Drifted("account-changed", "ada", "a-ada", None, "email", "king@x", "queen@x"), run=2)
    assert [(row.before, row.after, row.run) for row in open_ones(store)] == [("king@x", "queen@x", 2)]


def test_what_may_stay_is_not_reported_again(store: Store) -> None:
    note(store, CHANGED)
    (row,) = open_ones(store)
    assert store.writer.write_now(lambda tx: drift.keep(tx, row.id, "ada@host"))
    assert open_ones(store) == []
    assert [row.kept_by for row in open_ones(store, kept=True)] == ["ada@host"]


def test_an_orphan_account_is_active_and_belongs_to_no_user(store: Store) -> None:
    def furnish(tx: Transaction) -> None:
        observed.see_accounts(tx, "wiki", [account("ada"), account("svc"), account("old", active=False)])
        links.put(tx, "wiki", "u-ada", "a-ada", "ada", "ada", "created", 1)

    store.writer.write_now(furnish)
    (orphan,) = orphans(store)
    assert (orphan.kind, orphan.name, orphan.key, orphan.kept_by) == ("orphan-account", "svc", "a-svc", None)
    store.writer.write_now(lambda tx: drift.keep_orphan(tx, "wiki", orphan, "ada@host"))
    assert [each.kept_by for each in orphans(store)] == ["ada@host"]
    assert open_ones(store, kept=True) == [], "it is no difference"


def test_an_orphan_group_is_one_of_ours_that_no_living_idp_group_feeds(store: Store) -> None:
    def furnish(tx: Transaction) -> None:
        observed.see_groups(tx, "wiki", [TargetGroup("Football", "football")])
        noted.groups(tx, "wiki", [TargetGroup("Staff", "staff")])
        group_links.put(tx, "wiki", GroupLink("g-gone", "staff", "Staff"), 1)

    store.writer.write_now(furnish)
    with store.read() as connection:
        assert [orphan.name for orphan in drift.orphan_groups(connection, "wiki", 10)] == ["Staff"]


def orphans(store: Store) -> list[drift.Orphan]:
    with store.read() as connection:
        return drift.orphan_accounts(connection, "wiki", 10)
