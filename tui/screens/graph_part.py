"""What the providers screen does over Microsoft Graph: pull a provider, check it, read Entra's log of it.

Nothing of Graph is loaded here: a pull is an order to the engine, a check is a process of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.config.settings import ProviderSettings
from tui import entra_log, health_check
from tui.actions import Action
from tui.command_output import CommandFailed
from tui.health_check import CheckFailed, Found
from tui.screens.entra_log_text import Compared

if TYPE_CHECKING:
    from tui.app import Console

ACTIONS = frozenset({"providers.pull", "providers.check", "providers.entra_log"})


@dataclass(frozen=True, slots=True)
class Tried:
    """A check of one provider, as far as it came."""

    provider: str
    at: int
    """When it began, in milliseconds since 1970-01-01 UTC."""
    found: tuple[Found, ...] | None = None
    """`None` while it is under way, and where it failed."""
    failure: str = ""
    """Why it found nothing out."""

    @property
    def is_under_way(self) -> bool:
        """Whether its outcome is awaited."""
        return self.found is None and not self.failure


class GraphPart:
    """One screen's; `changed` is called when there is something else to show."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self.tried: Tried | None = None
        self.compared: Compared | None = None

    def reason_against(self, action: Action, console: "Console", provider: ProviderSettings) -> str:
        """Why an action cannot act now, in a few words; empty where it can."""
        if action.id == "providers.entra_log":
            return self._reason_against_log(provider)
        may_check = action.id == "providers.check" and provider.provisioning_log is not None
        if provider.graph is None and not may_check:
            return "this provider pushes by SCIM, and is not read"
        if action.id == "providers.check" and self.tried is not None and self.tried.is_under_way:
            return "a check is under way"
        return console.reason_against_orders() if action.id == "providers.pull" else ""

    def _reason_against_log(self, provider: ProviderSettings) -> str:
        if provider.provisioning_log is None:
            return "provisioning_log = true in its [[provider]] switches it on"
        return "it is being read" if self.compared is not None and self.compared.is_under_way else ""

    def compare(self, console: "Console", provider: ProviderSettings) -> None:
        """Read Entra's log, in the background."""
        self.compared = Compared(provider.name, console.clock())
        console.run_worker(self._compare(console, self.compared), group="compare-provider", exclusive=True)

    async def _compare(self, console: "Console", compared: Compared) -> None:
        try:
            beside = await entra_log.read_beside(console.settings.path, compared.provider)
            self.compared = Compared(compared.provider, compared.at, beside)
        except CommandFailed as error:
            self.compared = Compared(compared.provider, compared.at, failure=str(error))
        self._changed()

    def pull(self, console: "Console", provider: ProviderSettings) -> None:
        """Order the engine to read it now."""
        by_hand = "; the code to enter appears here" if provider.graph and provider.graph.is_by_hand else ""
        asked = f"pull {provider.name}: asked{by_hand}"
        console.run_worker(console.order("pull", provider.name, asked))

    def check(self, console: "Console", provider: ProviderSettings) -> None:
        """Try sign-in and permissions, in the background."""
        self.tried = Tried(provider.name, console.clock())
        self._changed()
        console.run_worker(self._check(console, self.tried), group="check-provider", exclusive=True)

    async def _check(self, console: "Console", tried: Tried) -> None:
        try:
            found = await health_check.check_provider(console.settings.path, tried.provider)
        except CheckFailed as error:
            self.tried = Tried(tried.provider, tried.at, failure=str(error))
            console.flash(f"check: {error}", "bad")
        else:
            self.tried = Tried(tried.provider, tried.at, found)
            failed = sum(not each.is_ok for each in found)
            if failed:
                console.flash(f"check {tried.provider}: {failed} of {len(found)} failed", "bad")
            else:
                console.flash(f"check {tried.provider}: all well", "good")
        self._changed()
