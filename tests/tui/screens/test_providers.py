"""Stories of the providers screen: seen, set up, given tokens, and rid of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from console_stories import HOSTILE, LARGE, SETTINGS, SMALL, Clock, console, drawn, given, page, said, start_engine
from textual.pilot import Pilot

from core.admin import admin
from core.config import load_settings
from core.config.graph_settings import GraphSettings
from core.config.settings import ProviderKind, ProviderSettings, Settings
from core.config.setup_guides import SETUP_GUIDES
from core.credentials import SecretReference
from core.exchange import Exchange
from core.store import Store, Transaction, audit, tokens
from core.store.audit import Entry
from core.store.tokens import DAY, Token
from tui.app import Console
from tui.dialogs.new_provider import NewProvider
from tui.dialogs.question import Question
from tui.dialogs.token import TokenDialog
from tui.widgets.page import Page
from tui.widgets.window_view import WindowView

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
CONFIG = (
    '# Ours.\n\n[listener]\npublic_url = "https://scim.example.com"\n\n[[provider]]\nname = "entra"\nkind = "entra"\n\n'
    "# The night shift:\n[console]\nslow = false\n"
)


def issued(store: Store, provider: str = "entra", days: int | None = 365) -> str:
    """A token of the provider; its secret."""

    def write(tx: Transaction) -> str:
        return tokens.issue(tx, provider, "ada@adm-01", None if days is None else tx.now + days * DAY)

    return store.writer.write_now(write)


def used(store: Store, number: int) -> None:
    store.writer.write_now(lambda tx: tokens.note_use(tx, number))


def listed(store: Store, provider: str = "entra") -> list[Token]:
    with store.read() as connection:
        return tokens.listing(connection, provider)


def trail(store: Store) -> list[Entry]:
    with store.read() as connection:
        return audit.newest(connection, 50)


def arrived(store: Store, clock: Clock, path: str, status: int | None, outcome: str = "", method: str = "GET") -> None:
    exchange = Exchange("in", "entra", clock.now, 900, method, path, status, outcome=outcome, client="203.0.113.5")
    store.writer.log(exchange)
    store.writer.write_now(lambda tx: None)


def detail(app: Console) -> str:
    return app.screen_stack[0].query_one("#detail").query_one(Page).text


def flat(text: str) -> str:
    return " ".join(text.split())


def rows(app: Console) -> Sequence[str]:
    return drawn(app.screen_stack[0].query_one("#list", WindowView)).splitlines()


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("6")
    await pilot.pause()


async def settled(pilot: Pilot[None], app: Console) -> None:
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Settings of a configuration that is on the disk."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return load_settings(path)


@SIZES
async def test_without_a_provider_it_says_how_to_add_one(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock, replace(SETTINGS, providers=(), targets=()))
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert "No provider is configured, so nothing comes in." in detail(app)
        assert "a adds one to config.toml." in flat(detail(app))
        await pilot.press("i")
        await pilot.pause()
        assert "Issue token: no provider is configured" in page(app, "flash")


@SIZES
async def test_a_new_provider_shows_its_url_and_that_it_has_no_token(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert "[6 Providers]" in page(app, "title")
        assert rows(app)[0].startswith("> X entra")
        assert "base URL    https://scim.example.com/scim/entra/v2" in detail(app)
        assert "Nothing is let in without a token: i issues one." in detail(app)


async def test_tokens_are_listed_with_their_end_and_their_last_use(store: Store, clock: Clock) -> None:
    secret = issued(store)
    used(store, 1)
    clock.now += 5_000
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        text = detail(app)
        assert f"v {secret[:8]}…  expires in 364 d, last used 5 s ago" in text
        assert "issued 10:27:47 by ada@adm-01" in text
        assert "i issues a second one; both work until you revoke the first." in text
        assert secret not in text


async def test_a_token_that_ends_soon_and_one_that_ended_are_told_apart(store: Store, clock: Clock) -> None:
    issued(store, days=1)
    issued(store, days=29)
    clock.now += 2 * DAY
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        lines = [line for line in detail(app).splitlines() if "mcp_" in line]
        assert lines[0].startswith("   ! mcp_")
        assert "expires in 27 d" in lines[0]
        assert lines[1].startswith("   - mcp_")
        assert "expired 24 h ago" in lines[1]


@SIZES
async def test_a_token_is_issued_and_shown_once(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("i", "ctrl+u", *"30d", "enter")
        await settled(pilot, app)
        (token,) = listed(store)
        assert token.expires_at == clock.now + 30 * DAY
        text = said(app)
        (secret,) = (word for word in text.split() if word.startswith("mcp_"))
        assert token.prefix == secret[:8]
        assert "https://scim.example.com/scim/entra/v2" in text
        with store.read() as connection:
            assert tokens.find(connection, "entra", secret, clock.now) == token
        (entry,) = trail(store)
        assert (entry.who, entry.action, entry.subject) == (admin(), "token issue", "entra")
        assert entry.detail == f"{token.prefix}…, expires 2026-09-23T10:27:47.000Z"
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard == secret
        await pilot.press("escape")
        await settled(pilot, app)
        assert not isinstance(app.screen, TokenDialog)
        assert secret not in said(app)
        assert f"token {token.prefix}… of entra is issued" in page(app, "flash")
        assert "Set up Microsoft Entra ID for entra" in detail(app), "where it is entered comes next"


async def test_a_secret_that_was_not_copied_is_not_closed_by_one_key(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("i", "enter")
        await settled(pilot, app)
        await pilot.press("escape")
        await pilot.pause()
        assert "It was not copied, and cannot be shown again" in said(app)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, TokenDialog)


async def test_an_oauth_client_is_issued_with_its_token_endpoint(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("i", "tab", "ctrl+u", *"never", "enter")
        await settled(pilot, app)
        (client,) = listed(store)
        assert (client.kind, client.expires_at) == ("client", None)
        text = said(app)
        assert client.prefix in text
        assert "https://scim.example.com/scim/entra/oauth/token" in text
        assert "valid until it is revoked" in text
        assert trail(store)[0].detail == f"OAuth client {client.prefix}, expires never"


@pytest.mark.parametrize(
    ("typed", "problem"), [("0d", "expired at once"), ("soon", "is not a duration"), ("", "is not a duration")]
)
async def test_a_time_that_is_none_is_told_and_issues_nothing(
    store: Store, clock: Clock, typed: str, problem: str
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("i", "ctrl+u", *typed, "enter")
        await settled(pilot, app)
        assert problem in flat(said(app))
        assert listed(store) == []


async def test_a_third_token_is_refused_with_what_to_do(store: Store, clock: Clock) -> None:
    issued(store)
    issued(store)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("i", "enter")
        await settled(pilot, app)
        assert "revoke one of them first" in flat(said(app))
        assert len(listed(store)) == 2


async def test_rotation_is_led_from_the_second_token_to_the_end_of_the_first(store: Store, clock: Clock) -> None:
    old = issued(store)[:8]
    used(store, 1)
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        new = issued(store)[:8]
        await settled(pilot, app)
        assert f"Enter {new}… at the identity provider; {old}… works until you revoke it." in detail(app)
        clock.now += 60_000
        used(store, 2)
        await settled(pilot, app)
        assert f"{new}… is in use; {old}… was used last 1 min ago: r revokes it." in detail(app)
        clock.now += 60_000
        used(store, 1)
        await settled(pilot, app)
        assert f"Both are in use: {old}… was used 0 s ago" in detail(app)


async def test_the_token_in_use_is_revoked_only_where_its_number_is_typed(store: Store, clock: Clock) -> None:
    issued(store)
    used(store, 1)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("r", "y", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Question)
        assert "nothing is let in until another is entered" in flat(said(app))
        assert listed(store)[0].revoked_at is None
        await pilot.press("1", "enter")
        await settled(pilot, app)
        assert listed(store)[0].revoked_at == clock.now
        (entry,) = trail(store)
        assert (entry.who, entry.action, entry.subject, entry.detail) == (
            admin(),
            "token revoke",
            "entra",
            f"{listed(store)[0].prefix}…",
        )
        assert "is revoked" in page(app, "flash")
        assert "revoked 0 s ago" in detail(app)


async def test_of_two_tokens_it_is_asked_which_one_ends(store: Store, clock: Clock) -> None:
    issued(store)
    issued(store)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("r", "down", "enter")
        await pilot.pause()
        assert "was never used: enter it at the identity provider first" in flat(said(app))
        await pilot.press("y", "enter")
        await settled(pilot, app)
        assert [token.revoked_at is not None for token in listed(store)] == [False, True]


async def test_a_question_that_is_closed_revokes_nothing(store: Store, clock: Clock) -> None:
    issued(store)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("r", "escape")
        await settled(pilot, app)
        assert listed(store)[0].revoked_at is None
        assert trail(store) == []


@pytest.mark.parametrize("kind", get_args(ProviderKind))
async def test_the_steps_of_every_kind_can_be_read_to_their_end(store: Store, clock: Clock, kind: ProviderKind) -> None:
    guide = SETUP_GUIDES[kind]
    app = console(store, clock, replace(SETTINGS, providers=(ProviderSettings("ours", kind),), targets=()))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("s")
        await pilot.pause()
        text = flat(detail(app))
        for number, step in enumerate((*guide.steps, *guide.afterwards), 1):
            assert f"{number} {flat(guide.filled(step, SETTINGS.listener, 'ours'))}" in text
        assert all(len(each) <= SMALL[0] for each in detail(app).splitlines())
        await pilot.press("G")
        await pilot.pause()
        scroll = app.screen.query_one("#detail")
        assert scroll.scroll_y == scroll.max_scroll_y
        await pilot.press("escape")
        await pilot.pause()
        assert "base URL" in detail(app)


async def test_the_base_url_is_copied(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard == "https://scim.example.com/scim/entra/v2"
        assert "sent to the terminal's clipboard" in flat(page(app, "flash"))


@SIZES
async def test_a_provider_is_added_after_its_difference_was_seen(
    store: Store, clock: Clock, own: Settings, size: tuple[int, int]
) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock, own)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("a", "down", "enter")
        await pilot.pause()
        assert "Its base URL: https://scim.example.com/scim/okta/v2" in said(app)
        await pilot.press("enter")
        await pilot.pause()
        assert '+name = "okta"' in said(app)
        assert own.path.read_text() == CONFIG, "nothing is written before it was seen"
        await pilot.press("enter")
        await settled(pilot, app)
        assert not isinstance(app.screen, NewProvider)
        added = '[[provider]]\nname = "okta"\nkind = "okta"\n\n'
        assert own.path.read_text() == CONFIG.replace("# The night shift:", f"{added}# The night shift:")
        assert [(order.kind, order.subject) for order in given(store)] == [("reload", "config.toml")]
        assert [(entry.action, entry.subject) for entry in trail(store)] == [
            ("reload", "config.toml"),
            ("provider add", "okta"),
        ]
        assert rows(app)[1].startswith("> X okta")
        assert "base URL    https://scim.example.com/scim/okta/v2" in detail(app)
        await pilot.press("i", "enter")
        await settled(pilot, app)
        assert len(listed(store, "okta")) == 1
        await pilot.press("escape", "escape", "1")
        await settled(pilot, app)
        assert "okta" in page(app, "first"), "other screens know it too"


async def test_without_an_engine_the_provider_is_written_and_nothing_is_ordered(
    store: Store, clock: Clock, own: Settings
) -> None:
    app = console(store, clock, own)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "Name: entra-2" in said(app)
        await pilot.press("enter")
        await settled(pilot, app)
        assert 'name = "entra-2"' in own.path.read_text()
        assert given(store) == []
        assert "an engine reads it when it starts" in flat(page(app, "flash"))


@pytest.mark.parametrize(
    ("typed", "problem"), [("entra", "there is a provider entra already"), ("Our IdP", "'Our IdP' cannot be a name")]
)
async def test_a_name_that_will_not_do_is_told_and_nothing_is_written(
    store: Store, clock: Clock, own: Settings, typed: str, problem: str
) -> None:
    app = console(store, clock, own)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "enter", "ctrl+u")
        for character in typed:
            await pilot.press("space" if character == " " else character)
        await pilot.press("enter")
        await pilot.pause()
        assert problem in flat(said(app))
        assert own.path.read_text() == CONFIG


async def test_a_file_that_changed_meanwhile_is_not_written_over(store: Store, clock: Clock, own: Settings) -> None:
    app = console(store, clock, own)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "down", "enter", "enter")
        await pilot.pause()
        own.path.write_text(CONFIG + "# changed\n")
        await pilot.press("enter")
        await settled(pilot, app)
        assert "the file changed on disk since it was read; nothing was written" in flat(said(app))
        assert own.path.read_text() == CONFIG + "# changed\n"
        assert trail(store) == []


async def test_what_an_idp_sends_reaches_the_screen_as_plain_text(store: Store, clock: Clock) -> None:
    for text in HOSTILE:
        arrived(store, clock, f"/Users?filter={text}", 401, text)
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press("w")
        await pilot.pause()
        assert "\x1b" not in detail(app)
        assert "\u202e" not in detail(app)
        assert "[red]bob[/red]" in detail(app)


async def test_a_provider_that_is_pulled_shows_whose_directory_and_needs_no_token(store: Store, clock: Clock) -> None:
    graph = GraphSettings("contoso.example", "c1", SecretReference("env", "GRAPH_SECRET"), scope=("Staff", "Guests"))
    pulled = replace(SETTINGS, providers=(ProviderSettings("entra", "entra", "graph", graph=graph),), targets=())
    app = console(store, clock, pulled)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert rows(app)[0].startswith("> > entra")
        text = detail(app)
        assert "Microsoft Entra ID, by Microsoft Graph" in text
        assert "signs in    with the client secret env:GRAPH_SECRET" in text
        assert "scope       Staff, Guests" in text
        assert "pulled      every 5 min" in text
        await pilot.press("i")
        await pilot.pause()
        assert "Issue token: this provider is pulled over Graph" in page(app, "flash")
        assert listed(store) == []


@pytest.mark.parametrize("part", [(), ("s",), ("w",)], ids=["provider", "steps", "connection"])
async def test_where_nothing_happens_nothing_is_drawn(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, part: tuple[str, ...]
) -> None:
    issued(store)
    used(store, 1)
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press(*part)
        await settled(pilot, app)
        drawn_again: list[object] = []
        for widget in app.screen.query("*"):
            monkeypatch.setattr(widget, "refresh", lambda *regions, **_: drawn_again.append(regions))
        app.tick()
        app.second()
        await pilot.pause()
        assert drawn_again == []
        clock.now += 3_600_000
        app.second()
        await pilot.pause()
        assert drawn_again, "ages move on"


async def test_what_arrives_moves_through_the_minute(store: Store, clock: Clock) -> None:
    issued(store)
    arrived(store, clock, "/Users", 200)
    clock.now += 1_000
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await settled(pilot, app)
        assert "0.1/s" in detail(app)
        clock.now += 61_000
        await settled(pilot, app)
        assert "traffic     quiet" in detail(app)
        assert "last request 1 min ago" in detail(app)
