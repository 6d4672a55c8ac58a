"""What the providers screen asks before it changes something: which token ends, how long one lives, what is added.

Nothing here needs an engine: tokens are rows of the store, and config.toml is a file that the next engine reads too.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.admin import admin
from core.config.settings import ProviderSettings, Settings
from core.store import StoreError, Transaction, audit
from core.store.tokens import Token
from tui.clipboard import copy
from tui.dialogs.choice import Choice
from tui.dialogs.new_provider import NewProvider
from tui.dialogs.question import YES, Asked, Question
from tui.dialogs.token import TokenDialog
from tui.screens import provider_tokens
from tui.screens.connection_text import shown
from tui.screens.provider_tokens import Form, Issued
from tui.times import HOUR, ago

if TYPE_CHECKING:
    from tui.app import Console

_IN_USE = 24 * HOUR
"""Milliseconds since its last use for which a token counts as in use."""


def ask_to_issue(
    console: "Console", provider: ProviderSettings, live: Sequence[Token], then: Callable[[], None]
) -> None:
    """Issue a token, and show it once; `then` is called where one was issued."""

    async def issue(form: Form, seconds: int | None) -> Issued | str:
        try:
            return await provider_tokens.issue(console.store, provider.name, form, seconds)
        except StoreError as error:
            return f"{error}."

    def closed(issued: Issued | None) -> None:
        if issued is not None:
            what = f"OAuth client {issued.prefix}" if issued.form == "client" else f"token {issued.prefix}…"
            console.flash(f"{what} of {provider.name} is issued", "good")
            then()

    listener = console.settings.listener
    others = [f"{shown(token)} is live, and stays so until you revoke it." for token in live]
    dialog = TokenDialog(provider, listener, others, issue, console.keymap, console.clock)
    console.push_screen(dialog, closed)


def ask_to_revoke(console: "Console", live: Sequence[Token], then: Callable[[], None]) -> None:
    """Ask which of the live tokens is to end, and whether it is."""
    if len(live) == 1:
        _ask_about(console, live[0], live, then)
        return
    names = [f"{token.id}  {shown(token)}  {_used(token, console.clock())}" for token in live]

    def chosen(name: str | None) -> None:
        if name is not None:
            _ask_about(console, live[names.index(name)], live, then)

    console.push_screen(Choice("Which one is to end?", names, console.keymap), chosen)


def copy_url(console: "Console", url: str) -> None:
    """Copy the base URL."""
    try:
        console.flash(f"{url}: {copy(console, url)}")
    except OSError as error:
        console.flash(f"the base URL was not copied: {error}", "bad")


def ask_to_add(console: "Console", then: Callable[[str], None]) -> None:
    """Add a provider to config.toml, and have the engine read it; `then` is called with its name."""

    def closed(settings: Settings | None) -> None:
        if settings is None:
            return
        before = {provider.name for provider in console.settings.providers}
        (new,) = (provider for provider in settings.providers if provider.name not in before)
        console.settings = replace(settings, console=console.settings.console)
        console.run_worker(_added(console, new))
        then(new.name)

    console.push_screen(NewProvider(console.settings, console.keymap), closed)


async def _added(console: "Console", provider: ProviderSettings) -> None:
    """Note it, and order the engine to read the configuration again."""

    def write(tx: Transaction) -> None:
        audit.note(tx, admin(), "provider add", provider.name, f"kind {provider.kind}, {console.settings.path}")

    try:
        await console.store.writer.write(write)
    except StoreError as error:
        console.flash(f"{provider.name} is in config.toml, but the audit trail has no row of it: {error}", "bad")
        return
    if console.is_engine_alive():
        await console.order("reload", "config.toml", f"{provider.name} is in config.toml; the engine reads it")
    else:
        console.flash(f"{provider.name} is in config.toml; an engine reads it when it starts", "good")


def _ask_about(console: "Console", token: Token, live: Sequence[Token], then: Callable[[], None]) -> None:
    now = console.clock()
    is_in_use = token.last_used_at is not None and now - token.last_used_at < _IN_USE
    explanation = [f"It was {_used(token, now)}. Requests that carry it are refused within a second."]
    if len(live) == 1:
        explanation.append(f"It is the only live one of {token.provider}: nothing is let in until another is entered.")
    explanation += [
        f"{shown(other)} was never used: enter it at the identity provider first."
        for other in live
        if other.id != token.id and other.last_used_at is None
    ]
    answer = str(token.id) if is_in_use or len(live) == 1 else YES
    title = f"Revoke {shown(token)} of {token.provider}, number {token.id}?"
    asked = Asked(title, {}, (), explanation, answer, "revoke it", "leaves it live")

    def answered(yes: bool | None) -> None:
        if yes:
            console.run_worker(_revoke(console, token, then))
        else:
            console.flash(f"{shown(token)} stays live")

    console.push_screen(Question(asked, console.keymap), answered)


async def _revoke(console: "Console", token: Token, then: Callable[[], None]) -> None:
    try:
        revoked = await provider_tokens.revoke(console.store, token)
    except StoreError as error:
        console.flash(f"{shown(token)} was not revoked: {error}", "bad")
        return
    console.flash(f"{shown(token)} of {token.provider} {'is revoked' if revoked else 'had ended before'}", "good")
    then()


def _used(token: Token, now: int) -> str:
    return f"last used {ago(token.last_used_at, now)}" if token.last_used_at is not None else "never used"
