"""What this Bitbucket can do, asked of it and not read off its version.

Each call that changes something is sent about somebody who does not exist, or without a name: where the call exists it
complains about that, where it does not the answer is of another kind. What was found holds for a while.
"""

from dataclasses import dataclass, replace
from typing import Any

from core.planning.values import Capabilities
from core.targets.bitbucket.names import NAME_RULES
from core.targets.bitbucket.session import Session
from core.targets.directories import misplacement
from core.targets.error_text import error_text
from core.targets.errors import is_absent
from core.targets.nobody import nobody
from core.targets.protocol import IncompleteRead
from core.targets.remembered import Remembered
from core.targets.retries import PATIENT, Patience
from core.targets.timing import Timing

FRESH_FOR = 300.0
"""Seconds that an answer of `capabilities` holds without asking again."""


@dataclass(frozen=True, slots=True)
class _Probe:
    """One call to look for. `{}` stands for a name that does not exist."""

    fields: tuple[str, ...]
    """Of `Capabilities`."""
    method: str
    path: str
    does: str
    document: Any = None


_PROBES = (
    _Probe(("create_user",), "POST", "/admin/users?name=", "create accounts"),
    _Probe(
        ("update_user",), "PUT", "/admin/users", "change accounts", {"name": "{}", "displayName": "-", "email": "a@b.c"}
    ),
    _Probe(("rename_user",), "POST", "/admin/users/rename", "rename accounts", {"name": "{}", "newName": "{}"}),
    _Probe(("delete_user",), "DELETE", "/admin/users?name={}", "delete accounts"),
    _Probe(("set_active",), "DELETE", "/admin/permissions/users?name={}", "take permissions from accounts"),
    _Probe(("create_group",), "POST", "/admin/groups?name=", "create groups"),
    _Probe(("delete_group",), "DELETE", "/admin/groups?name={}", "delete groups"),
    _Probe(("members",), "POST", "/admin/groups/add-users", "change members", {"group": "{}", "users": ["{}"]}),
    _Probe(("members",), "POST", "/admin/users/remove-group", "change members", {"context": "{}", "itemName": "{}"}),
)
RENAME_GROUP = (
    "Bitbucket does not rename groups, neither over its REST API nor in its web interface. Rename the group in the "
    "directory it comes from, or make a new one and move its members."
)


class Probing:
    """Finds out what one Bitbucket can do, and remembers it. `directory` is where new accounts shall go."""

    def __init__(self, session: Session, timing: Timing, directory: str | None) -> None:
        self._session = session
        self._directory = directory
        self._remembered = Remembered(self._found, FRESH_FOR, timing)

    async def capabilities(self) -> Capabilities:
        """What Bitbucket can do now.

        :raises CredentialFailed: when Bitbucket does not know the credential, or it may not administer.
        """
        return await self._remembered.get()

    async def version(self, patience: Patience = PATIENT) -> str:
        """The version that Bitbucket names, such as `9.4.0`; empty where it does not tell."""
        information = await self._session.read("/application-properties", patience=patience)
        if not isinstance(information, dict) or "buildNumber" not in information:
            raise IncompleteRead("Bitbucket answered with something that says nothing of itself.")
        return str(information.get("version") or "")

    async def _found(self) -> Capabilities:
        await self._session.known()
        await self._session.administers()
        version = await self.version()
        reasons: dict[str, Any] = {"rename_group": RENAME_GROUP, "rename_user": None, "delete_user": None}
        reasons["delete_group"] = None
        for probe in _PROBES:
            reason = await self._reason(probe, version)
            reasons |= {field: reasons.get(field) or reason for field in probe.fields}
        reasons["create_user"] = reasons["create_user"] or await misplacement(self._session.http, self._directory)
        return replace(Capabilities(names=NAME_RULES, directory=self._directory), **reasons)

    async def _reason(self, probe: _Probe, version: str) -> str | None:
        """Why Bitbucket cannot do this and the way round; `None` where it can."""
        name = nobody()
        answer = await self._session.probe(probe.method, probe.path.replace("{}", name), _named(probe.document, name))
        if is_absent(answer):
            return (
                f"Bitbucket {version or 'of this version'} cannot {probe.does} over its REST API. Upgrade it, or "
                "provision the Crowd that it takes its users from."
            )
        if answer.status == 403:
            said = error_text(answer).rstrip(".") or "it is forbidden"
            return f"Bitbucket does not {probe.does}: {said}. Provision the directory that it takes its users from."
        return None


def _named(document: Any, name: str) -> Any:
    """The document with the name in every place where `{}` stands."""
    if isinstance(document, dict):
        return {field: _named(value, name) for field, value in document.items()}
    if isinstance(document, list):
        return [_named(value, name) for value in document]
    return name if document == "{}" else document
