import asyncio

import pytest

from core.apply import pushing, reconciler
from core.apply.reconciler import Reconciler
from core.apply.site import Site
from core.config.settings import ScheduleSettings
from core.sandbox.confluence import Confluence
from core.store import Store, orders, runs
from tests.core.apply.company import TARGET, Company
from tests.core.apply.door import Door, Refusal
from tests.core.apply.looking import HELD, compared, effects, errors, run_of, states, steps, waiting
from tests.core.apply.working import NOW, answered, given, is_answered, until, working


@pytest.fixture(autouse=True)
def _short_bursts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciler, "LINGER", 0.0)


async def test_what_is_touched_is_brought_over(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    async with working(site) as it:
        company.hire("ada")
        it.tell()
        await until(store, lambda: states(store) == ["done"])
    assert effects(confluence) == ["create-account ada Ada <ada@contoso.example>"]


async def test_orders_come_before_everything_else(site: Site, store: Store, company: Company) -> None:
    ada = company.hire("ada")
    company.hire("ben")
    order = given(store, "sync", "wiki user ada")
    it = Reconciler(site, clock=lambda: NOW)
    assert it.obey(order)
    task = asyncio.create_task(it.work())
    await until(store, lambda: states(store) == ["waiting", "done"])
    it.drain()
    await task
    with store.read() as connection:
        assert [run.scope for run in runs.newest(connection, 9)] == ["2 keys", "user ada"]
    assert answered(store, order).answer == "Run 1 waits for approval with 1 change."
    assert ada not in company.pending()


async def test_an_order_for_everything_is_answered_with_what_came_of_it(site: Site, store: Store) -> None:
    async with working(site) as it:
        sync = given(store, "sync", TARGET)
        it.obey(sync)
        await until(store, is_answered(store, sync))
    assert (answered(store, sync).state, answered(store, sync).answer) == ("done", "Nothing to change.")


class TestWithoutApplying:
    @pytest.fixture
    def schedule(self) -> ScheduleSettings:
        return ScheduleSettings(every=3600, auto_apply="never")

    async def test_nothing_is_applied_unasked_and_the_keys_stay(
        self, site: Site, store: Store, company: Company, confluence: Confluence
    ) -> None:
        ada = company.hire("ada")
        async with working(site) as it:
            await until(store, lambda: states(store) == ["waiting"])
            ben = company.hire("ben")
            it.tell()
            order = given(store, "sync", TARGET)
            it.obey(order)
            await until(store, is_answered(store, order))
        assert answered(store, order).answer == "Run 2 waits for approval with 2 changes."
        assert (effects(confluence), company.pending()) == ([], {ada, ben})

    async def test_an_approval_applies_the_plan_and_is_answered(
        self, site: Site, store: Store, company: Company, confluence: Confluence
    ) -> None:
        company.hire("ada")
        async with working(site) as it:
            await until(store, lambda: states(store) == ["waiting"])
            order = given(store, "approve", "1")
            it.obey(order)
            await until(store, is_answered(store, order))
        assert answered(store, order).answer == "Run 1: 1 of 1 change made."
        assert answered(store, order).run == 1
        assert run_of(store, 1).approved_by == "ada@console"


class TestByTheHour:
    @pytest.fixture
    def schedule(self) -> ScheduleSettings:
        return ScheduleSettings(every=3600)

    async def test_what_was_never_compared_is_compared_at_once(self, site: Site, store: Store) -> None:
        async with working(site):
            await until(store, lambda: states(store) == ["done"])
        assert (run_of(store, 1).trigger, run_of(store, 1).scope) == ("schedule", "all")

    @pytest.mark.parametrize("state", ["done", "cancelled", "dropped", "waiting"])
    async def test_everything_is_compared_again_after_an_hour_and_not_before(
        self, site: Site, store: Store, company: Company, state: runs.State
    ) -> None:
        last = self.earlier(store, state)
        async with working(site, last + 3_599_999) as it:
            company.hire("ada")
            it.tell()
            await until(store, lambda: states(store)[1:] == ["done"])
        assert run_of(store, 2).trigger == "push"
        async with working(site, last + 3_600_000):
            await until(store, lambda: len(states(store)) == 3)
        assert run_of(store, 3).trigger == "schedule"

    async def test_a_comparison_that_failed_does_not_count(self, site: Site, store: Store) -> None:
        last = self.earlier(store, "failed")
        async with working(site, last + 1):
            await until(store, lambda: len(states(store)) == 2)
        assert run_of(store, 2).trigger == "schedule"

    async def test_a_comparison_of_some_does_not_count(self, site: Site, store: Store) -> None:
        last = self.earlier(store, "done", scope="3 keys")
        async with working(site, last + 1):
            await until(store, lambda: len(states(store)) == 2)
        assert run_of(store, 2).trigger == "schedule"

    @staticmethod
    def earlier(store: Store, state: runs.State, scope: str = "all") -> int:
        """A run in that state; returns when it began."""
        number = store.writer.write_now(lambda tx: runs.start(tx, TARGET, "schedule", scope))
        if state == "waiting":
            store.writer.write_now(lambda tx: runs.move(tx, number, "waiting"))
        else:
            store.writer.write_now(lambda tx: runs.finish(tx, number, state))
        return run_of(store, number).started_at


async def test_orders_do_not_wait_for_the_pause_after_a_failure(
    site: Site, store: Store, company: Company, door: Door
) -> None:
    ada = company.hire("ada")
    door.refusals = (Refusal("GET", "username=ada", 503),)
    async with working(site) as it:
        await until(store, lambda: states(store) == ["failed"])
        for _ in range(3):
            it.tell()
            await asyncio.sleep(0)
        assert states(store) == ["failed"]
        door.refusals = ()
        order = given(store, "sync", TARGET)
        it.obey(order)
        await until(store, is_answered(store, order))
        assert states(store)[1] == "waiting"
        await until(store, lambda: states(store)[2:] == ["done"])  # a success ends the pause
    assert ada not in waiting(store)


async def test_many_due_keys_are_one_whole_comparison(
    site: Site, store: Store, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "WHOLE_FROM", 2)
    company.hire("ada")
    company.hire("ben")
    async with working(site):
        await until(store, lambda: states(store) == ["done"])
    assert (run_of(store, 1).trigger, run_of(store, 1).scope) == ("push", "all")
    assert waiting(store) == {}


async def test_a_drained_reconciler_ends_within_one_call_and_the_next_one_takes_up_the_rest(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    for name in ("ada", "ben", "cyd", "dot", "eve", "fay", "gil", "hal", "ida", "jon"):
        company.hire(name)
    await site.target.capabilities()
    it = Reconciler(site, clock=lambda: NOW)
    creations: list[str] = []

    async def look(method: str, path: str) -> None:
        if method == "POST":
            creations.append(path)
            it.drain()

    door.look = look
    async with asyncio.timeout(20):
        await it.work()
    assert 1 <= len(creations) <= site.settings.in_flight
    assert states(store) == ["failed"]
    door.look = _nothing
    async with working(site):
        await until(store, lambda: states(store)[1:] == ["done"])
    assert len(effects(confluence)) == len(set(effects(confluence))) == 10
    assert waiting(store) == {}


async def test_a_cancelled_run_ends_as_cancelled(site: Site, store: Store, company: Company, door: Door) -> None:
    for number in range(20):
        company.hire(f"user{number}")
    await site.target.capabilities()
    async with working(site) as it:

        async def look(method: str, path: str) -> None:
            if method == "POST":
                door.look = _nothing
                it.cancel(1, "bob@console")

        door.look = look
        await until(store, lambda: states(store)[:1] == ["cancelled"])
    assert run_of(store, 1).error == "cancelled by bob@console"
    assert "cancelled by bob@console" in errors(store, 1).values()


async def test_an_order_given_to_a_drained_reconciler_is_not_taken(site: Site, store: Store) -> None:
    it = Reconciler(site)
    it.drain()
    assert not it.obey(given(store, "sync", TARGET))


async def test_orders_that_wait_when_it_is_drained_are_refused_with_the_reason(site: Site, store: Store) -> None:
    it = Reconciler(site)
    order = given(store, "sync", TARGET)
    it.obey(order)
    it.drain()
    await it.work()
    assert (answered(store, order).state, answered(store, order).answer) == ("refused", reconciler.NOT_ANY_MORE)


@pytest.mark.parametrize(
    ("kind", "subject", "answer"),
    [
        ("approve", "1", "Run 1 does not wait for approval: it is done."),
        ("approve", "77", "There is no run 77."),
        ("undo", "1", "Run 1 changed nothing: there is nothing to put back."),
        ("sync", "wiki user nobody", "Provider entra has no user 'nobody'."),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_with_the_reason(
    site: Site, store: Store, kind: orders.Kind, subject: str, answer: str
) -> None:
    await compared(site, HELD)
    order = given(store, kind, subject)
    async with working(site) as it:
        it.obey(order)
        await until(store, is_answered(store, order))
    assert (answered(store, order).state, answered(store, order).answer) == ("refused", answer)


async def test_a_change_that_cannot_be_read_back_holds_up_nothing_else(
    site: Site, store: Store, company: Company, door: Door, confluence: Confluence
) -> None:
    company.hire("ada")
    await site.target.capabilities()

    async def look(method: str, path: str) -> None:
        if method == "POST":
            door.refusals = (Refusal("GET", "username=ada", 500), Refusal("POST", "/admin/user", 500))

    door.look = look
    async with working(site) as it:
        await until(store, lambda: states(store) == ["done"])
        assert steps(store, 1) == ["create-account ada intent"]
        door.look, door.refusals = _nothing, door.refusals[:1]
        company.hire("ben")
        it.tell()
        await until(store, lambda: "done" in states(store)[1:])
    assert effects(confluence) == ["create-account ben Ben <ben@contoso.example>"]
    assert steps(store, 1) == ["create-account ada intent"]


async def _nothing(method: str, path: str) -> None: ...
