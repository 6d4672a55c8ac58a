"""The console over a real store that is filled by hand, at a time that stands still: what its stories begin with."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from textual.widget import Widget

from core.config.settings import (
    ConsoleSettings,
    ListenerSettings,
    ProviderSettings,
    Settings,
    StoreSettings,
    TargetSettings,
)
from core.credentials import SecretReference
from core.planning.changes import Because, Change, ChangeKind, Conflict
from core.store import Store, Transaction, changes, engines, orders, runs
from tui.app import Console
from tui.own_engine import StartEngine
from tui.session_keeping import SessionKeeping
from tui.widgets.page import Page

NOW = 1_787_567_267_000
"""2026-08-24 10:27:47 UTC."""
SMALL, LARGE = (80, 24), (160, 48)
TOKEN = SecretReference("env", "TOKEN")
SETTINGS = Settings(
    path=Path("/etc/manciple/config.toml"),
    store=StoreSettings("sqlite:////var/lib/manciple/manciple.db"),
    listener=ListenerSettings(public_url="https://scim.example.com"),
    providers=(ProviderSettings("entra", "entra"),),
    targets=(TargetSettings("wiki", "confluence", "https://wiki.example.com", TOKEN, "entra"),),
)
TWO_TARGETS = replace(
    SETTINGS,
    targets=(*SETTINGS.targets, TargetSettings("docs", "confluence", "https://docs.example.com", TOKEN, "entra")),
)
HOSTILE = ("\x1b]0;owned\x07evil", "[red]bob[/red]", "\u202eecila", "山田太郎", "حداد")
K = ChangeKind
CONFIG = """\
[[provider]]
name = "entra"
kind = "entra"

[[target]]
name = "wiki"
kind = "confluence"
url = "https://wiki.example.com"
provider = "entra"
credential = "env:TOKEN"
"""
"""A configuration as a file: one provider, one target."""


class Clock:
    """Milliseconds since 1970-01-01 UTC, as a test sets them."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def console(
    store: Store,
    clock: Clock,
    settings: Settings = SETTINGS,
    *,
    environment: Mapping[str, str] | None = None,
    start_engine: StartEngine | None = None,
    keeping: SessionKeeping | None = None,
) -> Console:
    """A console that reads no themes of whoever runs the tests."""
    quiet = {"XDG_CONFIG_HOME": "/nonexistent", "XDG_STATE_HOME": "/dev/null", **(environment or {})}
    return Console(store, settings, environment=quiet, start_engine=start_engine, keeping=keeping, clock=clock)


def with_console(**values: object) -> Settings:
    """The settings with other values under [console]."""
    return replace(SETTINGS, console=replace(ConsoleSettings(), **values))  # type: ignore[arg-type]


def start_engine(tx: Transaction) -> int:
    """An engine that is alive now."""
    return engines.start(tx, "adm-01", 4121, "0.1.0", "http://127.0.0.1:8440")


def change(kind: ChangeKind, account: str = "ada", group: str | None = None) -> Change:
    """A change of this kind, with a reason."""
    after: dict[str, str | bool | None] = {
        K.CREATE_ACCOUNT: {"name": account, "email": "ada@example.com", "active": True},
        K.DEACTIVATE_ACCOUNT: {"active": False},
        K.ADD_MEMBER: {"member": True},
        K.REMOVE_MEMBER: {"member": False},
    }.get(kind, {})
    before = {} if kind == K.CREATE_ACCOUNT else {name: not value for name, value in after.items()}
    because = Because(f"{account} is planned so", "users.create", "u1")
    return Change(kind, because, account, "a1", "u1", group, before=before, after=after)


def plan_run(
    tx: Transaction,
    planned: Iterable[Change],
    *,
    target: str = "wiki",
    state: runs.State = "waiting",
    conflicts: int = 0,
    notes: Iterable[str] = (),
) -> int:
    """A run that an admin ordered, with its plan."""
    listed = list(planned)
    run = runs.start(tx, target, "order", "all", "ada@adm-01")
    runs.note_read(tx, run, 1292)
    runs.note_plan(tx, run, len(listed), conflicts, "abcdef0123456789", list(notes))
    changes.plan(tx, run, target, 0, listed)
    if state in runs.OVER:
        runs.finish(tx, run, state)
    else:
        runs.move(tx, run, state)
    return run


def conflict(title: str = "Two users map to the account ada") -> Conflict:
    """An open question."""
    return Conflict("C16", "user:u1", title, "Both would take it.", {}, ())


def given(store: Store) -> list[orders.Order]:
    """Every order that was given."""
    with store.read() as connection:
        found = (orders.order(connection, number) for number in range(1, 20))
        return [order for order in found if order is not None]


def answer(store: Store, state: str, text: str, run: int | None = None) -> None:
    """The engine takes the oldest open order, and answers it."""

    def write(tx: Transaction) -> None:
        order = orders.take(tx)
        assert order is not None
        orders.finish(tx, order.id, state, text, run)  # type: ignore[arg-type]

    store.writer.write_now(write)


def page(app: Console, id: str) -> str:
    """What a page of the shown screen says."""
    return app.screen_stack[0].query_one(f"#{id}", Page).text


def drawn(widget: Widget) -> str:
    """What a widget draws, line by line."""
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))


def said(app: Console) -> str:
    """Everything that pages of the uppermost screen say."""
    return "\n".join(found.text for found in app.screen.query(Page))
