from core.planning.values import SourceGroup, SourceUser
from core.store import Store, Transaction, identities, member_rows, sources
from core.store.identities import Stored


def user(store: Store, name: str, provider: str = "entra", exchange: int | None = None, **more: object) -> Stored:
    document = {"userName": name, "displayName": name.title(), "active": True} | more
    return store.writer.write_now(lambda tx: identities.create(tx, provider, "User", document, exchange))


def group(store: Store, name: str, *members: Stored, provider: str = "entra", exchange: int | None = None) -> Stored:
    def form(tx: Transaction) -> Stored:
        made = identities.create(tx, provider, "Group", {"displayName": name})
        member_rows.add(tx, made.key, [(False, member.key, None) for member in members], exchange)
        return made

    return store.writer.write_now(form)


def nest(store: Store, outer: Stored, *inner: Stored) -> None:
    store.writer.write_now(lambda tx: member_rows.add(tx, outer.key, [(True, each.key, None) for each in inner]))


def remove(store: Store, kind: identities.Kind, stored: Stored) -> None:
    store.writer.write_now(lambda tx: identities.remove(tx, kind, stored))


def all_users(store: Store) -> dict[str, SourceUser]:
    with store.read() as connection:
        return {each.user_name: each for each in sources.all_users(connection, "entra")}


def test_a_user_comes_with_its_flat_attributes_and_its_groups(store: Store) -> None:
    ada = user(store, "ada", exchange=3, emails=[{"type": "work", "value": "ada@x"}])
    crew = group(store, "Crew", ada, exchange=9)
    found = all_users(store)["ada"]
    assert found.attributes == {"userName": "ada", "displayName": "Ada", "emails.work": "ada@x"}
    assert (found.id, found.groups, found.active, found.deleted) == (ada.id, {crew.id}, True, False)
    assert found.exchange == 9  # the later of the two that touched it


def test_tombstones_come_along_and_a_deleted_group_has_no_members(store: Store) -> None:
    ada, ben = user(store, "ada"), user(store, "ben")
    crew = group(store, "Crew", ada, ben)
    remove(store, "User", ben)
    remove(store, "Group", crew)
    assert {name: each.deleted for name, each in all_users(store).items()} == {"ada": False, "ben": True}
    assert all_users(store)["ada"].groups == frozenset()
    with store.read() as connection:
        assert sources.all_groups(connection, "entra") == [
            SourceGroup(crew.id, "Crew", deleted=True, created_at=crew.created_at)
        ]


def test_some_users_are_read_as_all_are_and_unknown_ids_are_passed_over(store: Store) -> None:
    ada = user(store, "ada")
    ben = user(store, "ben")
    other = user(store, "cyd", provider="okta")
    group(store, "Crew", ada, ben)
    ids = [ada.id, other.id, *(f"unknown-{number}" for number in range(1200))]
    with store.read() as connection:
        assert sources.users(connection, "entra", ids) == [all_users(store)["ada"]]
        assert sources.users(connection, "entra", []) == []


def test_groups_come_with_all_that_a_target_would_call_the_same(store: Store) -> None:
    crew = group(store, "Crew")
    spaced = group(store, "CREW\u00a0 ")
    group(store, "Deck")
    group(store, "crew", provider="okta")
    with store.read() as connection:
        assert {each.id for each in sources.groups(connection, "entra", [crew.id])} == {crew.id, spaced.id}
        assert {each.id for each in sources.groups(connection, "entra", [spaced.id])} == {crew.id, spaced.id}
        assert {each.id for each in sources.groups_named(connection, "entra", [" crew"])} == {crew.id, spaced.id}


def test_members_of_groups_are_found_by_the_groups_ids(store: Store) -> None:
    ada, ben = user(store, "ada"), user(store, "ben")
    crew, deck = group(store, "Crew", ada), group(store, "Deck", ada, ben)
    with store.read() as connection:
        assert sources.members_of(connection, "entra", [crew.id]) == {ada.id}
        assert sources.members_of(connection, "entra", [crew.id, deck.id]) == {ada.id, ben.id}
        assert sources.members_of(connection, "okta", [deck.id]) == set()


def test_a_live_user_is_found_by_its_user_name_without_case(store: Store) -> None:
    first = user(store, "Ada")
    remove(store, "User", first)
    second = user(store, "ada")
    with store.read() as connection:
        assert sources.user_named(connection, "entra", "ADA") == second.id
        assert sources.user_named(connection, "entra", "ben") is None
        assert sources.user_named(connection, "okta", "ada") is None


def test_a_user_that_went_says_since_when_and_one_that_came_back_does_not(store: Store) -> None:
    ada = user(store, "ada")
    assert all_users(store)["ada"].gone_at is None
    store.writer.write_now(lambda tx: identities.replace(tx, "User", ada, ada.document | {"active": False}))
    assert all_users(store)["ada"].gone_at is not None
    assert all_users(store)["ada"].missed_reads == 0


def test_a_group_comes_with_the_groups_that_it_is_inside_directly(store: Store) -> None:
    crew, fleet, navy = group(store, "Crew"), group(store, "Fleet"), group(store, "Navy")
    nest(store, fleet, crew)
    nest(store, navy, fleet)
    with store.read() as connection:
        found = {each.display_name: each.parents for each in sources.all_groups(connection, "entra")}
        some = {each.display_name: each.parents for each in sources.of_ids(connection, "entra", [crew.id])}
    assert found == {"Crew": {fleet.id}, "Fleet": {navy.id}, "Navy": frozenset()}
    assert some == {"Crew": {fleet.id}}


def test_a_deleted_group_is_inside_none_and_has_none_inside(store: Store) -> None:
    crew, fleet, navy = group(store, "Crew"), group(store, "Fleet"), group(store, "Navy")
    nest(store, fleet, crew)
    nest(store, navy, fleet)
    remove(store, "Group", fleet)
    with store.read() as connection:
        assert {each.parents for each in sources.all_groups(connection, "entra")} == {frozenset()}


def test_all_groups_inside_others_are_found_also_where_they_go_round(store: Store) -> None:
    crew, fleet, navy = group(store, "Crew"), group(store, "Fleet"), group(store, "Navy")
    nest(store, fleet, crew)
    nest(store, navy, fleet)
    nest(store, fleet, navy)
    with store.read() as connection:
        assert sources.with_descendants(connection, "entra", [navy.id]) == {crew.id, fleet.id, navy.id}
        assert sources.with_descendants(connection, "entra", [crew.id]) == {crew.id}


def test_a_provider_has_live_users_as_long_as_one_is_not_deleted(store: Store) -> None:
    with store.read() as connection:
        assert not sources.has_live_users(connection, "entra")
    ada = user(store, "ada", active=False)
    with store.read() as connection:
        assert sources.has_live_users(connection, "entra")
        assert not sources.has_live_users(connection, "okta")
    remove(store, "User", ada)
    with store.read() as connection:
        assert not sources.has_live_users(connection, "entra")
