"""What the stories of the user sync screen begin with, and how its form is driven."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from console_stories import CONFIG, LARGE, SMALL, drawn, page, plan_run
from textual.pilot import Pilot

from core.planning.values import Account
from core.store import Store, Transaction, audit, identities, links, observed, sources
from tui.app import Console
from tui.forms.form_list import FormList
from tui.forms.form_pane import FormPane
from tui.widgets.page import Page

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
TEXT = f"""\
{CONFIG}
[target.users]
create = true  # the wiki is for everybody
protect = ["admin"]
"""
JIRA = """
[[target]]
name = "tracker"
kind = "jira"
url = "https://jira.example.com"
provider = "entra"
credential = "env:TOKEN"
"""


def people(store: Store, *names: str, active: bool = True) -> None:
    """Users of the provider."""
    for name in names:
        first = name.partition("@")[0]
        document = {
            "userName": name,
            "displayName": first.title(),
            "active": active,
            "emails": [{"type": "work", "value": name}],
        }
        store.writer.write_now(lambda tx, document=document: identities.create(tx, "entra", "User", document))


def text_of(file: Path) -> str:
    return file.read_text()


def write(file: Path, text: str) -> None:
    file.write_text(text)


def form(app: Console) -> FormPane:
    return app.screen_stack[0].query_one(FormPane)


def rows(app: Console) -> list[str]:
    return drawn(app.screen_stack[0].query_one("#fields")).splitlines()


def about(app: Console) -> str:
    return " ".join(page(app, "about").split())


def shown_preview(app: Console) -> str:
    return " ".join(app.screen_stack[0].query_one("#preview").query_one(Page).text.split())


async def preview(pilot: Pilot[None], app: Console) -> str:
    """What the preview says of all that was typed; on a small screen it is shown in the place of the form."""
    await settled(pilot, app)
    await pilot.press("tab")
    await pilot.pause()
    said = shown_preview(app)
    await pilot.press("tab")
    return said


def heading(app: Console) -> str:
    return " ".join(app.screen_stack[0].query_one(".heading", Page).text.split())


def audited(store: Store) -> str:
    with store.read() as connection:
        return " ".join(str(row) for row in audit.newest(connection, 5))


def linked(store: Store) -> None:
    """Two who are gone have accounts, and the target was read whole."""
    people(store, "gone1", "gone2", active=False)
    accounts = [Account(f"a{n}", f"gone{n}", f"gone{n}", "Gone", f"gone{n}@x", True, frozenset()) for n in (1, 2)]

    def write(tx: Transaction) -> None:
        observed.see_accounts(tx, "wiki", accounts)
        for account in accounts:
            user = sources.user_named(tx.connection, "entra", account.name)
            assert user is not None
            links.put(tx, "wiki", user, account.id, account.name, account.key, "created", 1)

    store.writer.write_now(lambda tx: (plan_run(tx, [], state="done"), write(tx)))


async def add(pilot: Pilot[None], app: Console, section: str) -> None:
    """Go to the row of a section that adds an entry, and add one."""
    fields = app.screen_stack[0].query_one("#fields", FormList)
    fields.fold(section, folded=False)
    (place,) = (n for n, row in enumerate(fields.form_rows, 1) if row.kind == "add" and row.section.key == section)
    fields.go(place)
    await pilot.press("enter")
    await pilot.pause()


async def settled(pilot: Pilot[None], app: Console) -> None:
    """All that was typed is planned by."""
    await pilot.pause()
    await pilot.pause(0.01)
    await app.workers.wait_for_complete()
    await pilot.pause()


async def opened(pilot: Pilot[None], app: Console) -> None:
    await pilot.press("8")
    await settled(pilot, app)


async def go_to(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *keys(words), "enter")
    await pilot.pause()


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type a value in the place of what stands in the field under the cursor."""
    await pilot.press("enter", "ctrl+a", "ctrl+k", *keys(text), "enter")
    await pilot.pause()


def keys(text: str) -> Sequence[str]:
    names = {" ": "space", "/": "slash"}
    return [names.get(character, character) for character in text]
