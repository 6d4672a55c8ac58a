from core.planning.values import GroupLink
from core.store import Store, group_links

CREW = GroupLink("g1", "crew", "Crew")


def put(store: Store, *links: GroupLink, target: str = "wiki", alone: bool = False) -> None:
    for link in links:
        store.writer.write_now(lambda tx, link=link: group_links.put(tx, target, link, 1, alone=alone))


def all_links(store: Store, target: str = "wiki") -> set[GroupLink]:
    with store.read() as connection:
        return set(group_links.all_links(connection, target))


def test_links_are_found_by_the_idp_group_and_by_the_target_group(store: Store) -> None:
    deck, shared = GroupLink("g1", "deck", "Crew"), GroupLink("g2", "crew", "Hands")
    put(store, CREW, deck, shared)
    put(store, CREW, target="jira")
    with store.read() as connection:
        assert set(group_links.of_groups(connection, "wiki", ["g1", "g9"])) == {CREW, deck}
        assert set(group_links.of_keys(connection, "wiki", ["crew"])) == {CREW, shared}
        assert group_links.of_keys(connection, "wiki", []) == []


def test_a_link_that_is_put_again_has_the_later_name(store: Store) -> None:
    put(store, CREW, GroupLink("g1", "crew", "Sailors"))
    assert all_links(store) == {GroupLink("g1", "crew", "Sailors")}


def test_a_link_that_stands_alone_takes_the_place_of_the_groups_others(store: Store) -> None:
    put(store, CREW, GroupLink("g2", "crew", "Hands"))
    put(store, GroupLink("g1", "deck", "Deck"), alone=True)
    assert all_links(store) == {GroupLink("g1", "deck", "Deck"), GroupLink("g2", "crew", "Hands")}


def test_a_removed_link_leaves_the_others(store: Store) -> None:
    put(store, CREW, GroupLink("g1", "deck", "Crew"), GroupLink("g2", "deck", "Hands"))
    put(store, CREW, target="jira")
    store.writer.write_now(lambda tx: group_links.remove(tx, "wiki", "g1", "deck"))
    assert all_links(store) == {CREW, GroupLink("g2", "deck", "Hands")}
    store.writer.write_now(lambda tx: group_links.remove_key(tx, "wiki", "crew"))
    assert all_links(store) == {GroupLink("g2", "deck", "Hands")}
    assert all_links(store, "jira") == {CREW}


def test_links_follow_a_renamed_target_group_in_the_place_of_any_to_that_name(store: Store) -> None:
    put(store, CREW, GroupLink("g2", "hands", "Hands"))
    store.writer.write_now(lambda tx: group_links.rename(tx, "wiki", "crew", "hands"))
    assert all_links(store) == {GroupLink("g1", "hands", "Crew")}
    store.writer.write_now(lambda tx: group_links.rename(tx, "wiki", "hands", "hands"))
    assert all_links(store) == {GroupLink("g1", "hands", "Crew")}
