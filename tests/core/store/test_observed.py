from dataclasses import replace

from core.planning.values import Account, AdminGroup, ManagedMembership, TargetGroup
from core.store import Store, noted, observed

ADA = Account("a1", "ada", "ada", "Ada", "ada@x", True, frozenset({"crew", "deck"}))
BEN = Account("a2", "ben", "ben", "Ben", None, False, frozenset({"crew"}))


def see(store: Store, *accounts: Account, target: str = "wiki") -> None:
    store.writer.write_now(lambda tx: observed.see_accounts(tx, target, accounts))


def see_groups(store: Store, *names: str) -> None:
    groups = [TargetGroup(name, name.lower()) for name in names]
    store.writer.write_now(lambda tx: observed.see_groups(tx, "wiki", groups))


def note_member(store: Store, account: str, group: str, member: bool = True) -> None:
    store.writer.write_now(lambda tx: noted.member(tx, "wiki", account, group, member))


def managed(store: Store) -> set[ManagedMembership]:
    with store.read() as connection:
        return observed.managed(connection, "wiki")


def members(store: Store, *keys: str) -> set[str]:
    with store.read() as connection:
        return observed.members_of(connection, "wiki", keys)


def test_what_was_observed_is_found_again(store: Store) -> None:
    see(store, ADA, BEN)
    see_groups(store, "Crew", "Deck")
    with store.read() as connection:
        assert observed.counts(connection, "wiki") == (2, 2)
        assert observed.counts(connection, "jira") == (0, 0)
        assert observed.emails(connection, "wiki", ["a1", "a2"]) == {"a1": "ada@x"}
        assert observed.group_names(connection, "wiki", ["crew", "unseen"]) == {"crew": "Crew", "unseen": "unseen"}
    assert members(store, "crew") == {"a1", "a2"}


def test_memberships_that_were_seen_are_not_managed(store: Store) -> None:
    see(store, ADA)
    assert managed(store) == set()


def test_a_managed_membership_stays_managed_as_long_as_it_is_seen(store: Store) -> None:
    see(store, ADA)
    note_member(store, "a1", "crew")
    note_member(store, "a1", "pool")
    see(store, replace(ADA, groups=frozenset({"crew", "pool", "deck"})))
    assert managed(store) == {ManagedMembership("a1", "crew"), ManagedMembership("a1", "pool")}


def test_a_managed_membership_that_is_gone_and_comes_back_by_hand_is_not_ours_any_more(store: Store) -> None:
    see(store, ADA)
    note_member(store, "a1", "crew")
    see(store, replace(ADA, groups=frozenset()))
    assert (managed(store), members(store, "crew")) == (set(), set())
    see(store, ADA)
    assert (managed(store), members(store, "crew")) == (set(), {"a1"})


def test_groups_that_were_not_read_change_no_membership(store: Store) -> None:
    see(store, ADA)
    note_member(store, "a1", "crew")
    see(store, replace(ADA, groups=None, active=False))
    assert managed(store) == {ManagedMembership("a1", "crew")}
    assert members(store, "deck") == {"a1"}


def test_observing_one_account_leaves_those_of_others_alone(store: Store) -> None:
    see(store, ADA, BEN)
    note_member(store, "a2", "crew")
    see(store, replace(ADA, groups=frozenset()))
    assert members(store, "crew") == {"a2"}
    assert managed(store) == {ManagedMembership("a2", "crew")}


def test_a_membership_that_manciple_ended_is_neither_managed_nor_seen(store: Store) -> None:
    see(store, ADA)
    note_member(store, "a1", "crew")
    note_member(store, "a1", "crew", member=False)
    assert (managed(store), members(store, "crew")) == (set(), set())


def test_managed_memberships_of_some_accounts_are_read_alone(store: Store) -> None:
    note_member(store, "a1", "crew")
    note_member(store, "a2", "crew")
    with store.read() as connection:
        many = ["a1", *(f"x{number}" for number in range(1200))]
        assert observed.managed(connection, "wiki", many) == {ManagedMembership("a1", "crew")}
        assert observed.managed(connection, "wiki", []) == set()
        assert observed.managed(connection, "jira") == set()


def test_what_manciple_changed_of_an_account_is_noted_and_nothing_else(store: Store) -> None:
    see(store, ADA)
    store.writer.write_now(lambda tx: noted.account(tx, "wiki", "a1", email="new@x", display_name=None))
    store.writer.write_now(lambda tx: noted.account(tx, "wiki", "a1", display_name=None))
    with store.read() as connection:
        assert observed.emails(connection, "wiki", ["a1"]) == {"a1": "new@x"}
        assert connection.exec_driver_sql("SELECT display_name FROM accounts").scalar() == "Ada"


def test_what_a_whole_observation_did_not_see_is_told_and_forgotten(store: Store) -> None:
    see(store, ADA, BEN)
    see(store, ADA, target="jira")
    see_groups(store, "Crew", "Deck")
    note_member(store, "a2", "crew")
    with store.read() as connection:
        gone = observed.unseen(connection, "wiki", {"a1", "new"}, {"crew"})
    assert gone == (["a2"], ["deck"])
    store.writer.write_now(lambda tx: observed.forget_accounts(tx, "wiki", gone[0]))
    store.writer.write_now(lambda tx: observed.forget_groups(tx, "wiki", gone[1]))
    with store.read() as connection:
        assert observed.counts(connection, "wiki") == (1, 1)
        assert observed.counts(connection, "jira") == (1, 0)
    # What manciple added to an account that is missing stays ours: the account may come back with it.
    assert members(store, "crew", "deck") == {"a1", "a2"}
    assert managed(store) == {ManagedMembership("a2", "crew")}


def test_groups_are_fresh_for_a_while_after_they_were_seen_or_created(store: Store) -> None:
    see_groups(store, "Crew")
    store.writer.write_now(lambda tx: noted.groups(tx, "wiki", [TargetGroup("Deck", "deck")]))
    with store.read() as connection:
        at = connection.exec_driver_sql("SELECT max(observed_at) FROM target_groups").scalar_one()
        fresh = observed.fresh_groups(connection, "wiki", ["crew", "deck", "pool"], 0)
        assert {group.name for group in fresh} == {"Crew", "Deck"}
        assert observed.fresh_groups(connection, "wiki", ["crew"], at + 1) == []


def test_a_group_that_manciple_created_stays_so_when_it_is_seen(store: Store) -> None:
    store.writer.write_now(lambda tx: noted.groups(tx, "wiki", [TargetGroup("Crew", "crew")]))
    see_groups(store, "CREW")
    with store.read() as connection:
        row = connection.exec_driver_sql("SELECT name, created_by_us FROM target_groups").one()
    assert tuple(row) == ("CREW", 1)


def test_an_account_is_found_with_all_that_was_observed_of_it_but_its_groups(store: Store) -> None:
    full = replace(ADA, external_id="u1", attributes={"department": "Research"})
    see(store, full)
    with store.read() as connection:
        assert observed.accounts(connection, "wiki", ["a1", "a9"]) == [replace(full, groups=None)]
        assert observed.accounts(connection, "jira", ["a1"]) == []


def test_accounts_are_found_by_what_users_are_matched_by(store: Store) -> None:
    see(store, replace(ADA, email="Ada@X", external_id="u1"), BEN)
    with store.read() as connection:
        assert observed.with_external_ids(connection, "wiki", ["u1", "u2"]) == {"a1"}
        assert observed.with_addresses(connection, "wiki", ["ADA@x"]) == {"a1"}
        assert observed.with_addresses(connection, "wiki", []) == set()
        assert observed.with_names(connection, "wiki", ["ben", "cyd"]) == {"a2"}
    store.writer.write_now(lambda tx: noted.account(tx, "wiki", "a1", email="Lovelace@x"))
    with store.read() as connection:
        assert observed.with_addresses(connection, "wiki", ["lovelace@x"]) == {"a1"}


def test_a_group_is_found_with_the_products_id(store: Store) -> None:
    crew = TargetGroup("Crew", "crew", "G-1")
    store.writer.write_now(lambda tx: observed.see_groups(tx, "wiki", [crew]))
    with store.read() as connection:
        assert observed.fresh_groups(connection, "wiki", ["crew", "deck"], 0) == [crew]


def test_administrators_are_the_active_members_of_the_groups_that_are_theirs(store: Store) -> None:
    see(store, ADA, BEN)
    see_groups(store, "Crew", "Deck")
    with store.read() as connection:
        (crew,) = observed.admin_groups(connection, "wiki", lambda name: name == "Crew")
    assert crew == AdminGroup("crew", "Crew", frozenset({"a1"}))  # Ben is inactive


def test_what_there_is_to_read_is_as_much_as_there_was_last_time(store: Store) -> None:
    see(store, ADA, BEN)
    see_groups(store, "Crew", "Deck")
    store.writer.write_now(lambda tx: observed.see_members(tx, "wiki", [("crew", 7), ("gone", 5)]))
    with store.read() as connection:
        assert observed.known(connection, "wiki") == 2 + 2 + 7


def test_the_directory_of_an_account_is_found_again_and_who_it_hides(store: Store) -> None:
    placed = replace(ADA, groups=None, directory="LDAP", read_only=True, hides=("Internal", "Old"))
    see(store, placed, replace(BEN, groups=None))
    with store.read() as connection:
        assert observed.accounts(connection, "wiki", ["a1"]) == [placed]
        (ben,) = observed.accounts(connection, "wiki", ["a2"])
    assert (ben.directory, ben.read_only, ben.hides) == (None, None, ())
