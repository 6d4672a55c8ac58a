"""Calls whose answer gets lost: each is read back at the target, and none is made twice."""

import pytest

from core.apply.site import Site
from core.sandbox.confluence import Confluence
from core.sandbox.faults import Faults, FaultyApp
from core.store import Store, observed
from tests.core.apply.company import TARGET, Company
from tests.core.apply.door import Door
from tests.core.apply.looking import effects, pushed, run_of, steps, waiting


async def test_what_has_an_unknown_outcome_is_read_back_and_done_once(
    site: Site, store: Store, company: Company, confluence: Confluence, front: FaultyApp, door: Door
) -> None:
    users = [company.hire(name) for name in ("ada", "ben", "cyd")]
    company.form("Crew", users)
    await site.target.capabilities()

    async def look(method: str, path: str) -> None:
        front.faults = Faults() if method == "GET" else Faults(dropped_after_commit=100)

    door.look = look
    ended = await pushed(site, at_once=1)
    assert ended.answer == f"Run {ended.run}: 7 of 7 changes made."
    assert effects(confluence) == [
        "create-group Crew",
        *(f"create-account {name} {name.title()} <{name}@contoso.example>" for name in ("ada", "ben", "cyd")),
        *(f"add-member {name} Crew" for name in ("ada", "ben", "cyd")),
    ]
    assert waiting(store) == {}
    with store.read() as connection:
        assert len(observed.managed(connection, TARGET)) == 3


class TestWithoutPatience:
    @pytest.fixture
    def answer_seconds(self) -> float:
        return 0.5

    async def test_a_creation_whose_answer_does_not_come_in_time_is_made_once(
        self, site: Site, store: Store, company: Company, confluence: Confluence, front: FaultyApp, door: Door
    ) -> None:
        company.hire("ada")
        await site.target.capabilities()

        async def look(method: str, path: str) -> None:
            front.faults = Faults() if method == "GET" else Faults(timeout_after_commit=100, hold_seconds=5)

        door.look = look
        ended = await pushed(site)
        assert steps(store, ended.run) == ["create-account ada done"]
        assert effects(confluence) == ["create-account ada Ada <ada@contoso.example>"]


async def test_an_outcome_that_cannot_be_read_back_leaves_its_intent_open_and_its_key_waiting(
    site: Site, store: Store, company: Company, confluence: Confluence, front: FaultyApp, door: Door
) -> None:
    ada = company.hire("ada")
    await site.target.capabilities()

    async def look(method: str, path: str) -> None:
        if method == "POST":
            front.faults = Faults(dropped_after_commit=100)

    door.look = look
    ended = await pushed(site)
    assert ended.state == "done"
    assert effects(confluence) == ["create-account ada Ada <ada@contoso.example>"]
    assert steps(store, ended.run) == ["create-account ada intent"]
    assert (run_of(store, ended.run).done, run_of(store, ended.run).failed) == (0, 0)
    assert waiting(store) == {ada: 1}
