import pytest

from core.apply.dispatching import Dispatcher
from core.apply.reconciler import NOT_ANY_MORE, Reconciler
from core.apply.site import Site
from core.store import Store, orders, runs
from core.store.orders import Order
from tests.core.apply.company import TARGET, Company
from tests.core.apply.looking import HELD, compared, run_of, states, steps


class Obedient(Reconciler):
    """Notes what it is told."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.told: list[str] = []
        self.under_way: int | None = None

    def obey(self, order: Order) -> bool:
        self.told.append(f"{order.kind} {order.subject}")
        return super().obey(order)

    def cancel(self, run: int, by: str) -> bool:
        self.told.append(f"cancel {run} by {by}")
        return run == self.under_way

    def pause(self, run: int) -> bool:
        self.told.append(f"pause {run}")
        return run == self.under_way

    def resume(self, run: int) -> bool:
        return run == self.under_way


@pytest.fixture
def reconciler(site: Site) -> Obedient:
    return Obedient(site)


@pytest.fixture
def reloads() -> list[str]:
    return []


@pytest.fixture
def dispatcher(store: Store, reconciler: Obedient, reloads: list[str]) -> Dispatcher:
    dispatcher = Dispatcher(store, lambda: reloads.append("reload"))
    dispatcher.reconcilers = {TARGET: reconciler}
    return dispatcher


def give(store: Store, kind: orders.Kind, subject: str) -> int:
    return store.writer.write_now(lambda tx: orders.give(tx, kind, subject, "ada@console"))


def answer(store: Store, number: int) -> tuple[str, str | None]:
    with store.read() as connection:
        order = orders.order(connection, number)
    assert order is not None
    return order.state, order.answer


async def test_orders_go_to_the_reconciler_of_their_target_in_the_order_they_were_given(
    dispatcher: Dispatcher, reconciler: Obedient, store: Store, site: Site, company: Company
) -> None:
    company.hire("ada")
    run = (await compared(site, HELD)).run
    give(store, "sync", "wiki")
    give(store, "sync", "wiki user ada lovelace")
    number = give(store, "approve", str(run))
    await dispatcher.dispatch()
    assert reconciler.told == ["sync wiki", "sync wiki user ada lovelace", f"approve {run}"]
    assert answer(store, number) == ("taken", None)


async def test_a_reload_is_done_and_answered_at_once(dispatcher: Dispatcher, reloads: list[str], store: Store) -> None:
    number = give(store, "reload", "")
    await dispatcher.dispatch()
    assert reloads == ["reload"]
    assert answer(store, number) == ("done", "The configuration is read again.")


async def test_a_plan_that_waits_is_dropped_with_all_its_changes(
    dispatcher: Dispatcher, store: Store, site: Site, company: Company
) -> None:
    company.hire("ada")
    run = (await compared(site, HELD)).run
    number = give(store, "drop", str(run))
    await dispatcher.dispatch()
    assert answer(store, number) == ("done", f"The plan of run {run} is dropped; nothing was changed.")
    assert (run_of(store, run).error, steps(store, run)) == (
        "dropped by ada@console",
        ["create-account ada dropped"],
    )


async def test_a_run_under_way_is_cancelled(dispatcher: Dispatcher, reconciler: Obedient, store: Store) -> None:
    run = reconciler.under_way = store.writer.write_now(lambda tx: runs.start(tx, TARGET, "push", "1 key"))
    number = give(store, "cancel", str(run))
    await dispatcher.dispatch()
    assert reconciler.told == [f"cancel {run} by ada@console"]
    assert answer(store, number) == ("done", f"Run {run} stops after the calls that are under way.")


async def test_a_run_under_way_is_paused_and_goes_on(
    dispatcher: Dispatcher, reconciler: Obedient, store: Store
) -> None:
    run = reconciler.under_way = store.writer.write_now(lambda tx: runs.start(tx, TARGET, "push", "1 key"))
    pause, resume = give(store, "pause", str(run)), give(store, "resume", str(run))
    await dispatcher.dispatch()
    assert reconciler.told == [f"pause {run}"]
    assert answer(store, pause) == (
        "done",
        f"Run {run} pauses after the calls that are under way, before its next change.",
    )
    assert answer(store, resume) == ("done", f"Run {run} goes on.")


async def test_the_hash_that_an_admin_saw_goes_with_the_approval(
    dispatcher: Dispatcher, reconciler: Obedient, store: Store
) -> None:
    run = store.writer.write_now(lambda tx: runs.start(tx, TARGET, "push", "1 key"))
    give(store, "approve", f"{run} abc123")
    give(store, "undo", str(run))
    await dispatcher.dispatch()
    assert reconciler.told == [f"approve {run} abc123", f"undo {run}"]


async def test_only_the_run_that_was_named_is_cancelled(site: Site, store: Store) -> None:
    it = Reconciler(site)
    it._stop.run = 7
    assert not it.cancel(6, "ada@console")
    assert it._stop.reason is None
    assert it.cancel(7, "ada@console")
    assert it._stop.reason == "cancelled by ada@console"


@pytest.mark.parametrize(
    ("kind", "subject", "reason"),
    [
        ("sync", "jira", "This engine has no target 'jira'; it has: wiki."),
        ("approve", "77", "There is no run 77 that this engine works on."),
        ("drop", "twelve", "There is no run twelve that this engine works on."),
        ("drop", "1", "Run 1 does not wait for approval: it is done."),
        ("cancel", "1", "Run 1 is not under way: it is done."),
        ("pause", "1", "Run 1 has no changes before it: it is done."),
        ("resume", "1", "Run 1 is not paused: it is done."),
        ("undo", "77", "There is no run 77 that this engine works on."),
    ],
)
async def test_what_cannot_be_done_is_refused_with_the_reason(
    dispatcher: Dispatcher, reconciler: Obedient, store: Store, site: Site, kind: orders.Kind, subject: str, reason: str
) -> None:
    await compared(site)
    number = give(store, kind, subject)
    await dispatcher.dispatch()
    assert answer(store, number) == ("refused", reason)
    assert reconciler.told == []
    assert states(store) == ["done"]


async def test_an_order_for_a_reconciler_that_ends_is_refused(
    dispatcher: Dispatcher, reconciler: Obedient, store: Store
) -> None:
    reconciler.drain()
    number = give(store, "sync", TARGET)
    await dispatcher.dispatch()
    assert answer(store, number) == ("refused", NOT_ANY_MORE)


@pytest.mark.parametrize(
    ("subject", "is_free", "state", "said"),
    [
        ("contoso", True, "done", "The pull of contoso begins."),
        ("contoso", False, "refused", "A pull of contoso is under way already."),
        ("entra", True, "refused", "reads no provider 'entra' over Microsoft Graph; it reads: contoso."),
    ],
)
async def test_a_pull_is_begun_or_refused_with_the_reason(
    dispatcher: Dispatcher, store: Store, subject: str, is_free: bool, state: str, said: str
) -> None:
    begun: list[bool] = []
    dispatcher.pulls = {"contoso": lambda: begun.append(is_free) or is_free}  # type: ignore[func-returns-value]
    number = give(store, "pull", subject)
    await dispatcher.dispatch()
    told, text = answer(store, number)
    assert told == state
    assert said in (text or "")
    assert bool(begun) == (subject == "contoso")
