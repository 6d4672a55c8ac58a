"""What the stories of the sync screen begin with, and how they look at it."""

from console_stories import K, change, plan_run, start_engine
from textual.pilot import Pilot

from core.store import Transaction, changes, runs
from tui.app import Console
from tui.widgets.page import Page
from tui.widgets.window_view import WindowView

MIXED = (
    *(change(K.DEACTIVATE_ACCOUNT, f"leaver-{n}") for n in range(2)),
    *(change(K.CREATE_ACCOUNT, f"joiner-{n}") for n in range(40)),
    *(change(K.REMOVE_MEMBER, f"mover-{n}", "Staff") for n in range(3)),
)


def summary(app: Console) -> str:
    """What is said of the run."""
    return app.screen_stack[0].query_one("#summary").query_one(Page).text


def detail(app: Console) -> str:
    """What is said of the opened change."""
    return app.screen_stack[0].query_one("#detail").query_one(Page).text


def view(app: Console, name: str) -> WindowView:
    return app.screen_stack[0].query_one(f"#{name}", WindowView)


def waiting(tx: Transaction) -> int:
    """An engine, and a run that waits with a mixed plan."""
    start_engine(tx)
    return plan_run(tx, MIXED, notes=("Left out, because users.username does not match: 3 users: x, y and z",))


def progress(tx: Transaction, run: int, done: int, failed: int = 0) -> None:
    """The engine makes further changes of a run, the failing ones last."""
    planned = changes.of_run(tx.connection, run, ("planned",))
    for number, found in enumerate(planned[: done + failed]):
        changes.intend(tx, found.id)
        is_done = number < done
        changes.settle(tx, found.id, "done" if is_done else "failed", None if is_done else "409: it exists already")
    runs.count(tx, run, done, failed)


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("3")
    await pilot.pause()


async def refresh(pilot: Pilot[None], app: Console) -> None:
    """What the ticker does, at once."""
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()
