"""What a run did is read back at its end; what is not as it left it is told, counted, and due again."""

from dataclasses import replace

import pytest

from core.apply.running import compare
from core.apply.site import Site
from core.apply.stopping import Stop
from core.store import Store
from core.targets.protocol import CredentialFailed, TargetError, Unavailable
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import NOW, compared, due_now, pushed, run_of, states, steps, waiting


def spoil(instant: Instant, **values: object) -> None:
    """Let somebody change every account the moment that it is made."""

    def losing(call: str, name: str) -> TargetError | None:
        if call == "create-account":
            for ident, account in instant.accounts.items():
                instant.accounts[ident] = replace(account, **values)  # type: ignore[arg-type]
        return None

    instant.losing = losing


async def test_what_stands_is_counted(quick: Site, store: Store, company: Company) -> None:
    company.form("Crew", [company.hire("ada")])
    ended = await compared(quick)
    run = run_of(store, ended.run)
    assert (run.state, run.verified, run.differing, run.sentences) == ("done", 3, 0, ())


async def test_what_does_not_is_told_and_its_user_is_due_again_later(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    spoil(instant, display_name="Somebody")
    ended = await pushed(quick)
    run = run_of(store, ended.run)
    assert ended.answer == f"Run {run.id}: 1 of 1 change made, 1 not found as made."
    assert (run.verified, run.differing) == (0, 1)
    assert run.sentences[0].startswith("Not found as made: ")
    assert waiting(store) == {ada: 1}
    assert due_now(quick) == set()


async def test_what_never_stays_is_looked_at_ever_later(
    quick: Site, store: Store, company: Company, instant: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = company.hire("ada")
    waits: list[int] = []
    spoil(instant, display_name="Somebody")
    await pushed(quick)

    def losing(call: str, name: str) -> TargetError | None:
        for ident, account in instant.accounts.items():
            instant.accounts[ident] = replace(account, display_name="Somebody")
        return None

    instant.losing = losing
    for _ in range(3):
        company.change(ada)
        await pushed(quick)
        with store.read() as connection:
            (row,) = connection.exec_driver_sql("SELECT due_at - since FROM pending")
        waits.append(row[0])
    assert waits[0] < waits[1] < waits[2]


async def test_it_says_that_it_verifies_while_it_does(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.hire("ada")
    seen: list[str] = []
    instant.before_call = lambda call, name: seen.append(states(store)[-1]) if call.startswith("find") else None
    await compared(quick)
    assert seen == ["verifying"]


@pytest.mark.parametrize(
    ("error", "is_down"), [(Unavailable("No answer.", status=500), False), (CredentialFailed("No."), True)]
)
async def test_a_target_that_cannot_be_read_back_leaves_the_run_done_and_says_so(
    quick: Site, store: Store, company: Company, instant: Instant, error: TargetError, is_down: bool
) -> None:
    company.hire("ada")
    instant.failing = lambda call, name: error if call.startswith("find") else None
    ended = await compared(quick)
    run = run_of(store, ended.run)
    assert (ended.state, ended.is_target_down, steps(store, run.id)) == ("done", is_down, ["create-account ada done"])
    assert run.sentences == (f"What was done could not be read back: {error}",)
    assert company.pending() == set()


async def test_a_run_that_was_stopped_is_not_read_back(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.hire("ada")
    company.hire("ben")
    stop = Stop()
    instant.before_call = lambda call, name: stop.ask("enough", cancel=True) if call == "create-account" else None
    ended = await compare(quick, NOW, stop, 1)
    assert (ended.state, run_of(store, ended.run).verified) == ("cancelled", 0)
    assert not [call for call, _ in instant.calls if call.startswith("find")]


async def test_nothing_is_read_back_where_nothing_was_done(quick: Site, instant: Instant) -> None:
    await compared(quick)
    assert not [call for call, _ in instant.calls if call.startswith("find")]
