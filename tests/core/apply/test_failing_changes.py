"""What becomes of a run, and of all other changes, where some are left unanswered or done by others."""

import pytest

from core.apply.pushing import Push, due
from core.apply.site import Site
from core.apply.stopping import Stop
from core.planning.values import Capabilities, TargetGroup
from core.store import Store, links, observed, pending
from core.store.pending import Key
from core.targets.protocol import IncompleteRead, OutcomeUnknown, Unavailable
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, run_of, steps, waiting


def is_ours(store: Store) -> bool:
    with store.read() as connection:
        return bool(connection.execute(observed.GROUPS.select()).one().created_by_us)


async def test_a_group_that_somebody_made_meanwhile_serves_and_is_not_called_ours(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Crew", [company.hire("ada")])

    def made(call: str, name: str) -> None:
        if call == "create-group":
            instant.groups.setdefault("crew", TargetGroup("CREW", "crew"))

    instant.before_call = made
    await compared(quick)
    ended = await compared(quick)
    assert steps(store, ended.run) == ["add-member ada CREW done"], "once it is known who was in it"
    assert not is_ours(store)


async def test_a_group_that_was_made_though_its_answer_was_lost_is_ours(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Crew", [company.hire("ada")])
    instant.losing = lambda call, name: OutcomeUnknown("lost") if call == "create-group" else None
    await compared(quick)
    assert is_ours(store)


async def test_a_user_with_many_unanswered_changes_does_not_stop_the_run(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    poison = company.hire("poison")
    for number in range(10):
        company.form(f"Group {number}", [poison])
    company.form("Team", [company.hire("zoe")])
    instant.failing = lambda call, name: Unavailable("500") if (call, name) == ("add-member", "poison") else None
    ended = await compared(quick)
    assert ended.state == "done"
    assert "add-member zoe Team done" in steps(store, ended.run)
    assert waiting(store) == {poison: 1}


async def test_a_change_whose_outcome_is_open_is_read_back_before_the_next_round(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    instant.losing = lambda call, name: OutcomeUnknown("no answer")
    unreadable = IncompleteRead("not now")
    instant.failing = lambda call, name: unreadable if instant.effects and call == "find-account" else None
    rounds = iter([True])

    async def more() -> list[Key]:
        instant.failing, instant.losing = (lambda call, name: None), (lambda call, name: None)
        for _ in rounds:
            store.writer.write_now(lambda tx: pending.touch(tx, [TARGET], "user", [ada], None))
        return due(quick)

    ended = await Push(quick, Stop(), 4).work(due(quick), more)
    assert steps(store, ended.run) == ["create-account ada done"]
    with store.read() as connection:
        assert len(links.all_links(connection, TARGET)) == 1


async def test_a_push_of_several_rounds_adds_up_what_each_found(quick: Site, store: Store, company: Company) -> None:
    for name in ("o'hara", "ada", "d'arc"):
        company.hire(name)
    keys = due(quick)

    async def more() -> list[Key]:
        return [keys.pop()] if keys else []

    ended = await Push(quick, Stop(), 4).work([keys.pop()], more)
    run = run_of(store, ended.run)
    assert (run.planned, run.done, run.conflicts, run.scope) == (1, 1, 2, "3 keys")


class TestNoEmail:
    @pytest.fixture
    def instant(self) -> Instant:
        return Instant(capabilities=Capabilities())

    async def test_a_user_without_an_e_mail_gets_an_account_where_the_product_needs_none(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        company.hire("ada", email=None)
        await compared(quick)
        (account,) = instant.accounts.values()
        assert account.email == ""
        assert (await compared(quick)).answer == "Nothing to change."
