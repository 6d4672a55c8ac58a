"""Stories of what else is shown of a provider over Microsoft Graph: attributes for rules, Entra's log, the steps."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from console_stories import LARGE, SETTINGS, SMALL, Clock, console, page
from graph_stories import GRAPH, READ, detail, opened, passed

from core.config.settings import ProviderSettings
from core.store import Store, Transaction, graph_facts, identities
from tui import entra_log, health_check
from tui.entra_log import LogBeside, Seen
from tui.health_check import CheckFailed, Found

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


@SIZES
async def test_what_rules_can_use_is_listed_with_real_values(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    told = {"tenant": {"id": "t-1", "name": "Contoso", "domains": ["contoso.example"]}}

    def write(tx: Transaction) -> None:
        graph_facts.take(tx, "entra", told)
        identities.create(tx, "entra", "User", {"userName": "ada", "active": True, "title": "Engineer \x1b[31m"})

    store.writer.write_now(write)
    app = console(store, clock, READ)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("t")
        await pilot.pause()
        text = detail(app)
        assert "tenant Contoso (t-1), domains contoso.example" in text
        assert "title 1 user Engineer" in text
        assert "\x1b" not in text
        assert "details = true in [provider.graph] brings manager" in text
        await pilot.press("t")
        await pilot.pause()
        assert "Nothing was read yet" in detail(app)


async def test_of_a_provider_that_pushes_they_are_listed_too(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("t")
        await pilot.pause()
        assert "It has no users yet." in detail(app)


COMPARED = replace(SETTINGS, providers=(ProviderSettings("entra", "entra", provisioning_log=GRAPH),), targets=())


@SIZES
async def test_what_only_entra_saw_is_shown_beside_what_came_here(
    store: Store, clock: Clock, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(config: Path, provider: str) -> LogBeside:
        lost = Seen("entra only", "2026-08-24T10:20:00Z", "ada\x1b[31m", "Look at proxies.", "create success", "-")
        return LogBeside((lost,), {"agree": 40, "entra only": 1, "differ": 0})

    monkeypatch.setattr(entra_log, "read_beside", read)
    app = console(store, clock, COMPARED)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("l")
        await passed(pilot, app)
        text = detail(app)
        assert "41 changes: 40 agree, 1 entra only" in text
        assert "2026-08-24T10:20:00Z Entra: create success here: - Look at proxies." in text
        assert "\x1b" not in text
        await pilot.press("l")
        await pilot.pause()
        assert "Tokens" in detail(app)


async def test_a_log_that_cannot_be_read_says_why(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(config: Path, provider: str) -> LogBeside:
        raise CheckFailed("Entra's log was not read: it lacks AuditLog.Read.All")

    monkeypatch.setattr(entra_log, "read_beside", read)
    app = console(store, clock, COMPARED)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press("l")
        await passed(pilot, app)
        assert "it lacks AuditLog.Read.All" in detail(app)


async def test_a_log_that_is_not_asked_for_says_how_to_switch_it_on(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press("l")
        await pilot.pause()
        assert "provisioning_log = true in its [[provider]] switches it on" in page(app, "flash")


@SIZES
async def test_the_steps_in_entra_are_those_of_a_directory_that_is_read(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    app = console(store, clock, READ)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("s")
        await pilot.pause()
        text = detail(app)
        assert '"Application permissions": tick User.Read.All, Group.Read.All; "Add permissions".' in text
        assert "c tries sign-in and each permission; p reads." in text
        assert "base URL" not in text


def test_the_console_loads_nothing_of_graph() -> None:
    code = (
        "import sys, tui.app, tui.screens.providers; "
        "print([n for n in sys.modules if n.startswith(('msgraph', 'azure', 'kiota', 'core.graph'))])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


async def test_a_provider_that_pushes_can_have_the_reading_of_entras_log_checked(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(config: Path, name: str) -> tuple[Found, ...]:
        return (Found("provisioning_log", False, "It lacks AuditLog.Read.All.", "Grant it: API permissions."),)

    monkeypatch.setattr(health_check, "check_provider", check)
    app = console(store, clock, COMPARED)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press("c")
        await passed(pilot, app)
        assert "X provisioning_log: It lacks AuditLog.Read.All. Grant it: API permissions." in detail(app)
