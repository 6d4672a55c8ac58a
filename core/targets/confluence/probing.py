"""What this Confluence can do, asked of it and not read off its version.

Each call that changes something is sent about an account or group that does not exist, or without the values it
needs: where the call exists it complains about that, where it does not the answer is of another kind. What REST lacks
can be done over JSON-RPC where an admin has switched that on. What was found holds until Confluence names another
version; read-only mode and that switch are looked at afresh.
"""

from dataclasses import dataclass, replace
from typing import Any

from core.planning.values import Capabilities
from core.targets.confluence.jsonrpc import SWITCH, JsonRpc
from core.targets.confluence.names import NAME_RULES, RENAME_GROUP, RENAME_USER
from core.targets.confluence.session import READ_ONLY, READ_ONLY_REMEDY, Session
from core.targets.directories import misplacement
from core.targets.errors import is_absent
from core.targets.nobody import nobody
from core.targets.protocol import IncompleteRead, Refused, Unsupported
from core.targets.remembered import Remembered
from core.targets.timing import Timing

FRESH_FOR = 300.0
"""Seconds that an answer of `capabilities` holds without asking again."""


@dataclass(frozen=True, slots=True)
class _Probe:
    """One call to look for. `{}` in the path stands for a name that does not exist."""

    field: str
    """The field of `Capabilities`."""
    method: str
    path: str
    document: object
    does: str
    since: str
    """The first version known to have it, for the remedy only."""


_PROBES = (
    _Probe("create_user", "POST", "/admin/user", {}, "create accounts", "8.4"),
    _Probe("update_user", "PUT", "/admin/user/{}", {}, "change the name or e-mail of an account", "9.4"),
    _Probe("set_active", "PUT", "/admin/user/{}/disable", None, "deactivate or reactivate accounts", "8.2"),
    _Probe("delete_user", "DELETE", "/admin/user/{}", None, "delete accounts", "8.2"),
    _Probe("create_group", "POST", "/admin/group", {}, "create groups", "8.4"),
    _Probe("delete_group", "DELETE", "/admin/group/{}", None, "delete groups", "8.4"),
    _Probe("members", "PUT", "/user/{}/group/{}", None, "change the members of groups", "8.4"),
)

_NAMED = Capabilities(names=NAME_RULES, rename_user=RENAME_USER, rename_group=RENAME_GROUP)
_FROZEN = replace(_NAMED, **dict[str, Any]((probe.field, f"{READ_ONLY} {READ_ONLY_REMEDY}") for probe in _PROBES))
"""In read-only mode."""

_VERSION_SOURCES = ("/rest/api/server-information", "/rest/applinks/1.0/manifest")
"""The second is for versions before 8.4."""


class Probing:
    """Finds out what one Confluence can do, and remembers it. `directory` is where new accounts shall go."""

    def __init__(self, session: Session, rpc: JsonRpc, timing: Timing, directory: str | None = None) -> None:
        self._session = session
        self._rpc = rpc
        self._directory = directory
        self._version: str | None = None
        self._probed: Capabilities | None = None
        self.by_rpc: frozenset[str] = frozenset()
        """Fields of `Capabilities`: what REST lacks and JSON-RPC can do, as far as was found until now."""
        self._remembered = Remembered(self._found, FRESH_FOR, timing)

    async def capabilities(self) -> Capabilities:
        """What Confluence can do now.

        :raises CredentialFailed: when Confluence does not know the credential, or the account is no administrator.
        """
        return await self._remembered.get()

    async def version(self) -> str:
        """The version that Confluence names, such as `9.2.1`; empty where it does not tell."""
        for path in _VERSION_SOURCES:
            try:
                information = (await self._session.http.read(path)).document()
            except (IncompleteRead, Refused, Unsupported):
                continue
            if isinstance(information, dict) and isinstance(found := information.get("version"), str):
                return found
        return ""

    async def _found(self) -> Capabilities:
        await self._session.known()
        if await self._session.is_read_only():
            return _FROZEN
        version = await self.version()
        if self._probed is None or version != self._version:
            probed = await self._probe_all(version)
            # Switched on meanwhile, it answers 405 to calls that are there.
            if await self._session.is_read_only():
                return _FROZEN
            self._probed, self._version = probed, version
        can = await self._helped_out(self._probed)
        reason = None if can.create_user else await misplacement(self._session.http, self._directory)
        return can if reason is None else replace(can, create_user=reason)

    async def _helped_out(self, probed: Capabilities) -> Capabilities:
        """What REST can do, and JSON-RPC in its place."""
        lacking = frozenset(probe.field for probe in _PROBES if getattr(probed, probe.field) is not None)
        self.by_rpc = lacking if lacking and await self._rpc.is_on() else frozenset()
        return replace(probed, **dict[str, Any](dict.fromkeys(self.by_rpc))) if self.by_rpc else probed

    async def _probe_all(self, version: str) -> Capabilities:
        await self._session.require_administrator()
        reasons: dict[str, Any] = {probe.field: await self._reason(probe, version) for probe in _PROBES}
        return replace(_NAMED, **reasons)

    async def _reason(self, probe: _Probe, version: str) -> str | None:
        """Why Confluence cannot do this and the way round; `None` where it can."""
        path = "/rest/api" + probe.path.replace("{}", nobody())
        answer = await self._session.http.probe(probe.method, path, probe.document, subject="probe")
        if not is_absent(answer):
            return None
        return (
            f"Confluence {version or 'of this version'} cannot {probe.does} over its REST API. Upgrade it to "
            f"{probe.since} or later, or switch on the Remote API under {SWITCH}, or provision the Crowd or Jira that "
            "it takes its users from."
        )
