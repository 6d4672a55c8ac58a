"""The simulated Confluence Data Center as demo, sandbox and tests hold it: an application, its content, its records."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from core.sandbox import views
from core.sandbox.confluence.app import confluence_app
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.settings import Settings
from core.sandbox.confluence.state import State
from core.sandbox.embedded_crowd import Directory
from core.sandbox.simulated import ADMIN, Simulated
from core.sandbox.version import Version
from core.sandbox.views import Snapshot, snapshot_of

INTERNAL_DIRECTORY = Directory(98305, "Confluence Internal Directory")


@dataclass(frozen=True, slots=True)
class LocalAccount(views.LocalAccount):
    """A user that is there before anybody provisions."""

    groups: tuple[str, ...] = ("confluence-users",)


class Confluence(Simulated[Settings]):
    """One simulated Confluence: besides what all simulated products offer, long tasks and a search index."""

    _state: State

    def __init__(
        self,
        version: str = "9.4",
        *,
        context_path: str = "",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """An empty instance.

        `context_path` is empty or like `/confluence`; `clock` counts seconds for long tasks.
        """
        state = State(
            Version.parse(version),
            context_path.rstrip("/"),
            quirks or Quirks(),
            settings or Settings(),
            directories,
            seed,
            clock,
        )
        super().__init__(state, confluence_app(state))

    @classmethod
    def with_defaults(
        cls,
        accounts: Iterable[LocalAccount] = (),
        *,
        version: str = "9.4",
        context_path: str = "",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
        admin_password: str = "admin",
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """An instance as set-up leaves it: the account `admin`, the two standard groups, and these accounts."""
        confluence = cls(
            version,
            context_path=context_path,
            quirks=quirks,
            settings=settings,
            directories=directories,
            seed=seed,
            clock=clock,
        )
        standard_groups = ("confluence-administrators", "confluence-users")
        confluence.add_account(
            LocalAccount(ADMIN, "Confluence Administrator", "admin@example.com", groups=standard_groups),
            password=admin_password,
        )
        for account in accounts:
            confluence.add_account(account)
        return confluence

    def reindex(self) -> None:
        """Build the search index anew; it matters where `Quirks.active_list_lags`."""
        with self._state.lock:
            found = (self._state.crowd.account(key) for key in self._state.seats.accounts())
            self._state.search_index = tuple(account for account in found if account)

    def snapshot(self) -> Snapshot:
        """Users, groups and direct memberships as they count now."""
        with self._state.lock:
            self._state.tasks.settle()
            return snapshot_of(self._state.crowd)
