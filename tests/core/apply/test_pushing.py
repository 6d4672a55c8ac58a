from dataclasses import replace

import pytest

from core.apply import pushing
from core.apply.pushing import Push, are_many_due, due
from core.apply.site import Site
from core.apply.stopping import Stop
from core.sandbox.confluence import Confluence
from core.store import Store, pending
from core.store.pending import Key
from tests.core.apply.company import TARGET, Company
from tests.core.apply.door import Door, Refusal
from tests.core.apply.looking import (
    due_now,
    effects,
    errors,
    held,
    pushed,
    run_of,
    states,
    steps,
    waiting,
)


def retry_now(store: Store) -> None:
    """Let the time pass until all retries are due."""
    with store.read() as connection:
        keys = pending.claim(connection, TARGET, 1 << 60, 1 << 30)
    for key in keys:
        store.writer.write_now(lambda tx, key=key: pending.touch(tx, [TARGET], key.kind, [key.id], None))


async def test_one_burst_is_one_run_however_many_rounds_it_takes(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    company.hire("ada")
    later = iter(["ben", "cyd"])

    async def more() -> list[Key]:
        for name in later:
            company.hire(name)
            break
        return due(site)

    ended = await Push(site, Stop(), 4).work(due(site), more)
    assert states(store) == ["done"]
    assert run_of(store, ended.run).scope == "3 keys"
    assert steps(store, ended.run) == [f"create-account {name} done" for name in ("ada", "ben", "cyd")]
    assert waiting(store) == {}


async def test_what_several_rounds_left_out_for_one_reason_is_one_note(
    site: Site, store: Store, company: Company
) -> None:
    rules = replace(site.rules, users=replace(site.rules.users, create=False))
    creating_nobody = replace(site, settings=replace(site.settings, rules=rules))
    company.hire("ada")
    later = iter(["ben", "cyd"])

    async def more() -> list[Key]:
        for name in later:
            company.hire(name)
            break
        return due(site)

    ended = await Push(creating_nobody, Stop(), 4).work(due(site), more)
    assert run_of(store, ended.run).sentences == ("Not created, because users.create is off: 3 users (ada, ben, cyd).",)


async def test_a_poisoned_key_alone_fails_and_waits_longer_each_time(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    ids = {name: company.hire(name) for name in ("ada", "ben", "cyd", "dot", "eve")}
    door.refusals = (Refusal("GET", "username=cyd"),)
    await pushed(site)
    assert {effect.split()[1] for effect in effects(confluence)} == {"ada", "ben", "dot", "eve"}
    assert waiting(store) == {ids["cyd"]: 1}
    assert due_now(site) == set()
    with store.read() as connection:
        (key,) = pending.claim(connection, TARGET, 1 << 60, 9)
    store.writer.write_now(lambda tx: pending.fail(tx, key, "again"))
    assert waiting(store) == {ids["cyd"]: 2}


async def test_an_account_that_the_target_cannot_read_fails_alone_as_well(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    ids = {name: company.hire(name) for name in ("ada", "ben", "cyd")}
    door.refusals = (Refusal("GET", "username=ben", 500),)
    ended = await pushed(site)
    assert ended.state == "done"
    assert waiting(store) == {ids["ben"]: 1}


async def test_a_target_that_cannot_read_anything_stops_the_run(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    for number in range(20):
        company.hire(f"user{number}")
    door.refusals = (Refusal("GET", "username=user", 500),)
    ended = await pushed(site)
    assert (ended.state, ended.is_target_down) == ("failed", True)
    assert sorted(waiting(store).values()) == [0] * 15 + [1] * 5


async def test_a_target_that_is_not_there_stops_the_run_and_fails_no_key(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    ada = company.hire("ada")
    door.refusals = (Refusal("GET", "username=ada", 503),)
    ended = await pushed(site)
    assert (ended.state, ended.is_target_down) == ("failed", True)
    assert waiting(store) == {ada: 0}


async def test_who_is_held_and_cannot_be_read_holds_up_nobody_else(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    first, second = company.hire("ada"), company.hire("ada ", email="ada2@contoso.example")
    await pushed(site)
    assert held(store) == {("C14", f"user:{first}"), ("C14", f"user:{second}")}
    company.hire("ben")
    door.refusals = (Refusal("GET", "username=ada"),)
    await pushed(site)
    assert effects(confluence) == ["create-account ben Ben <ben@contoso.example>"]
    assert waiting(store) == {}


async def test_a_key_that_is_touched_while_its_run_is_under_way_survives_it(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    ada = company.hire("ada")

    async def look(method: str, path: str) -> None:
        if method == "POST" and not effects(confluence):
            company.change(ada, displayName="Ada Byron")

    async def no_more() -> list[Key]:
        return []

    await site.target.capabilities()
    door.look = look
    await Push(site, Stop(), 4).work(due(site), no_more)
    assert company.pending() == {ada}
    await pushed(site)
    assert effects(confluence)[-1] == "update-account ada Ada Byron <ada@contoso.example>"
    assert company.pending() == set()


async def test_users_of_one_account_name_are_both_held_though_they_come_one_after_the_other(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    first, second = company.hire("ada"), company.hire("ada ", email="ada2@contoso.example")
    key = next(key for key in due(site) if key.id == first)

    async def no_more() -> list[Key]:
        return []

    await Push(site, Stop(), 4).work([key], no_more)
    assert held(store) == {("C14", f"user:{first}"), ("C14", f"user:{second}")}
    await pushed(site)
    assert effects(confluence) == []


async def test_users_of_one_account_name_are_both_freed_when_one_of_them_changes(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    company.hire("ada")
    second = company.hire("ada ", email="ada2@contoso.example")
    await pushed(site)
    company.change(second, userName="ada2")
    await pushed(site)
    assert held(store) == set()
    assert [effect.split()[1] for effect in effects(confluence)] == ["ada", "ada2"]


async def test_groups_of_one_name_are_both_held_and_both_freed_when_one_of_them_changes(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    first = company.form("Crew", [ada])
    second = company.form("crew ", [ben])
    key = next(key for key in due(site) if key.id == first)

    async def no_more() -> list[Key]:
        return []

    await Push(site, Stop(), 4).work([key], no_more)
    assert held(store) == {("C22", f"group:{first}"), ("C22", f"group:{second}")}
    await pushed(site)
    assert [effect for effect in effects(confluence) if "account" not in effect] == []
    company.rename_group(second, "Deck")
    await pushed(site)
    assert held(store) == set()
    assert effects(confluence)[-4:] == [
        "create-group Crew",
        "create-group Deck",
        "add-member ada Crew",
        "add-member ben Deck",
    ]


async def test_a_refused_group_is_not_asked_for_again_within_the_burst(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    company.form("Crew")
    await pushed(site)
    ada = company.hire("ada")
    deck = company.form("Deck", [ada])
    door.refusals = (Refusal("POST", "/admin/group"),)
    key = next(key for key in due(site) if key.id == ada)
    rounds: list[int] = []

    async def more() -> list[Key]:
        rounds.append(len(due(site)))
        assert len(rounds) < 10, "it goes round in circles"
        return due(site)

    await Push(site, Stop(), 4).work([key], more)
    assert waiting(store) == {ada: 1, deck: 1}
    assert due_now(site) == set()
    assert confluence.requests["POST", "/rest/api/admin/group"] == 2  # the probe, and Crew


async def test_what_is_due_besides_the_keys_waits_for_its_retry_with_the_reason(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    ada = company.hire("ada")
    await pushed(site)
    crew = company.form("Crew")
    await pushed(site)
    door.refusals = (Refusal("PUT", "/user/ada/group/"),)
    company.join(crew, ada)
    ended = await pushed(site)
    assert list(errors(store, ended.run)) == ["add-member ada Crew"]
    assert waiting(store) == {ada: 1}


async def test_many_due_keys_are_one_whole_comparison(
    site: Site, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "WHOLE_FROM", 3)
    company.hire("ada")
    company.hire("ben")
    assert not are_many_due(site)
    company.hire("cyd")
    assert are_many_due(site)


async def test_a_group_that_was_renamed_is_followed_by_its_id(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    crew = company.form("Crew", [ada])
    await pushed(site)
    company.rename_group(crew, "Deck")
    assert company.pending() == {crew}
    ended = await pushed(site)
    made = [effect for effect in effects(confluence) if not effect.startswith("create-account")]
    assert made == ["create-group Crew", "add-member ada Crew"], "nobody is taken out of it"
    (note,) = run_of(store, ended.run).sentences
    assert "Crew instead of Deck" in note


async def test_a_deleted_group_takes_the_memberships_that_were_added(
    site: Site, company: Company, confluence: Confluence
) -> None:
    crew = company.form("Crew", [company.hire("ada")])
    await pushed(site)
    company.delete("Group", crew)
    await pushed(site)
    assert effects(confluence)[-1] == "remove-member ada Crew"


async def test_a_group_that_was_deleted_by_hand_is_made_again(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    crew = company.form("Crew", [ada])
    await pushed(site)
    confluence._state.crowd.remove_group(confluence._state.crowd.contents[0], "Crew")
    company.join(crew, ben)
    await pushed(site)
    assert waiting(store) == {ben: 1}  # stale: it is looked for again
    retry_now(store)
    await pushed(site)
    assert effects(confluence)[-2:] == ["create-group Crew", "add-member ben Crew"]
    assert waiting(store) == {}


async def test_a_run_ends_after_many_changes_and_leaves_the_rest_to_the_next(
    site: Site, store: Store, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "ROUND", 2)
    monkeypatch.setattr(pushing, "LONGEST", 3)
    for name in ("ada", "ben", "cyd", "dot", "eve", "fay"):
        company.hire(name)
    ended = await pushed(site)
    assert (ended.state, len(steps(store, ended.run)), len(waiting(store))) == ("done", 4, 2)
