"""The simulated Graph as demo, sandbox and tests hold it: an application, the tenant behind it, its records."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Self

from starlette.types import ASGIApp

from core.sandbox.directory import Directory, Event
from core.sandbox.graph import authority
from core.sandbox.graph.app import graph_app
from core.sandbox.graph.contents import Clock
from core.sandbox.graph.provisioning_row import ProvisioningRow
from core.sandbox.graph.quirks import NO_QUIRKS, Quirks
from core.sandbox.graph.seeding import ENTERPRISE_APP, fill, follow
from core.sandbox.graph.settings import Settings
from core.sandbox.graph.state import Seen, State
from core.sandbox.graph.tenant import Tenant
from core.sandbox.graph.throttle import Forced

_SETTINGS = Settings()


class Graph:
    """One simulated Graph with one tenant. Serve `app`; everything else may be used meanwhile.

    `tenant` is edited directly from the thread that serves `app`, and within `editing()` from any other.
    """

    def __init__(
        self,
        tenant: Tenant | None = None,
        *,
        settings: Settings = _SETTINGS,
        quirks: Quirks | None = None,
        seed: int = 1,
    ) -> None:
        """Put a tenant behind Graph; without one it is empty. `quirks` are those of the tenant unless given."""
        self.tenant = tenant or Tenant(quirks=quirks or NO_QUIRKS)
        self._state = State(self.tenant, quirks or self.tenant.quirks, settings, seed)
        self.quirks = quirks or self.tenant.quirks
        self.app: ASGIApp = graph_app(self._state)

    @classmethod
    def of_company(
        cls,
        directory: Directory,
        *,
        settings: Settings = _SETTINGS,
        quirks: Quirks = NO_QUIRKS,
        seed: int = 1,
        clock: Clock | None = None,
    ) -> Self:
        """The tenant of a company, with the same object ids that the simulated Entra pushes by SCIM."""
        tenant = Tenant(quirks=quirks) if clock is None else Tenant(quirks=quirks, clock=clock)
        fill(tenant, directory)
        return cls(tenant, settings=settings, seed=seed)

    @property
    def quirks(self) -> Quirks:
        """The habits; assign others to change them while it runs."""
        return self._state.quirks

    @quirks.setter
    def quirks(self, quirks: Quirks) -> None:
        with self._state.lock:
            self._state.quirks = quirks
            self.tenant.quirks = quirks

    @property
    def settings(self) -> Settings:
        """App registration and cloud; assign others to change them. Tokens that are out stay as they are."""
        return self._state.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        with self._state.lock:
            self._state.settings = settings

    @property
    def requests(self) -> Counter[tuple[str, str]]:
        """How many requests each (method, route) got, such as `("GET", "users/delta")`, inside batches as well."""
        with self._state.lock:
            return Counter(self._state.requests)

    @property
    def seen(self) -> tuple[Seen, ...]:
        """The newest 5000 requests to Graph as they were answered, oldest first."""
        with self._state.lock:
            return tuple(self._state.seen)

    @property
    def units(self) -> int:
        """Resource units charged so far."""
        return self._state.throttle.units

    @property
    def throttled(self) -> int:
        """How many requests got 429."""
        return self._state.throttle.refused

    @contextmanager
    def editing(self) -> Iterator[Tenant]:
        """The tenant, held still for edits from another thread than the one that serves."""
        with self._state.lock:
            yield self.tenant

    def follow(self, directory: Directory, events: Iterable[Event]) -> None:
        """Bring to the tenant what happened to its company, as `core.sandbox.churn` reports it."""
        with self._state.lock:
            follow(self.tenant, directory, events)

    def issue_token(self, permissions: frozenset[str] | None = None) -> str:
        """An access token without asking for one, with the granted permissions or those given."""
        return self._state.tokens.issue(self._state.settings, permissions=permissions)

    def revoke_token(self, token: str) -> None:
        """End an access token before its time."""
        self._state.tokens.revoke(token)

    def sign_in(self, user_code: str, user_id: str | None) -> None:
        """Let a user enter a device code and sign in; None declines.

        :raises KeyError: when there is no such code.
        """
        with self._state.lock:
            authority.approve(self._state, user_code, user_id)

    def expire_delta_tokens(self) -> None:
        """Let all deltaLinks be over that were given so far."""
        self._state.delta_tokens.expire_all()

    def expire_page_tokens(self) -> None:
        """Let all nextLinks be over that were given so far."""
        self._state.pages.expire_all()
        self._state.delta_pages.expire_all()

    def hide(self, object_id: str, reads: int = 1) -> None:
        """Let an object be missing from the next answers that would show it, though it exists."""
        self.tenant.replica.hide(object_id, reads)

    def throttle_next(self, requests: int = 1, retry_after: int | None = 1) -> None:
        """Answer 429 to the next requests, those inside batches one by one; None leaves out when to come back."""
        self._state.throttle.forced = Forced(requests, retry_after)

    def record_provisioning(self, row: ProvisioningRow) -> None:
        """Add a row to the provisioning log."""
        application = self.tenant.applications.by_id.get(ENTERPRISE_APP.id)
        with self._state.lock:
            document = row.document(self.settings.tenant_id, application, self.tenant.now())
            self._state.provisioning.append(document)
