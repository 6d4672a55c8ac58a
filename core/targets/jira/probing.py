"""What this Jira can do, asked of it and not read off its version.

Each call that changes something is sent about somebody who does not exist, or without the values it needs: where the
call exists it complains about that, where it does not the answer is of another kind. What was found holds for a while.
"""

from dataclasses import dataclass, replace
from typing import Any

from core.planning.values import Capabilities
from core.targets.answer import Answer
from core.targets.directories import misplacement
from core.targets.error_text import error_text
from core.targets.errors import is_absent
from core.targets.jira.names import NAME_RULES
from core.targets.jira.session import Session
from core.targets.nobody import nobody
from core.targets.protocol import IncompleteRead
from core.targets.remembered import Remembered
from core.targets.retries import PATIENT, Patience
from core.targets.timing import Timing

FRESH_FOR = 300.0
"""Seconds that an answer of `capabilities` holds without asking again."""
_BLANK = {"name": "", "displayName": "", "emailAddress": ""}


@dataclass(frozen=True, slots=True)
class _Probe:
    """One call to look for. `{}` in the path stands for a name that does not exist."""

    fields: tuple[str, ...]
    """Of `Capabilities`."""
    method: str
    path: str
    document: object
    does: str


_PROBES = (
    _Probe(("create_user",), "POST", "/user", _BLANK, "create accounts"),
    _Probe(
        ("update_user", "rename_user", "set_active"), "PUT", "/user?username={}", {"displayName": ""}, "change accounts"
    ),
    _Probe(("delete_user",), "DELETE", "/user?username={}", None, "delete accounts"),
    _Probe(("create_group",), "POST", "/group", {"name": ""}, "create groups"),
    _Probe(("delete_group",), "DELETE", "/group?groupname={}", None, "delete groups"),
    _Probe(("members",), "POST", "/group/user?groupname={}", {"name": nobody()}, "change the members of groups"),
    _Probe(("leads",), "PUT", "/project/{}", {}, "change who leads a project"),
)
RENAME_GROUP = (
    "Jira does not rename groups, neither over its REST API nor in its web interface. Rename the group in the "
    "directory it comes from, or make a new one and move its members."
)


class Probing:
    """Finds out what one Jira can do, and remembers it. `directory` is where new accounts shall go."""

    def __init__(self, session: Session, timing: Timing, directory: str | None) -> None:
        self._session = session
        self._directory = directory
        self._remembered = Remembered(self._found, FRESH_FOR, timing)

    async def capabilities(self) -> Capabilities:
        """What Jira can do now.

        :raises CredentialFailed: when Jira does not know the credential, or the account is no administrator.
        """
        return await self._remembered.get()

    async def version(self, patience: Patience = PATIENT) -> str:
        """The version that Jira names, such as `10.3.0`; empty where it does not tell."""
        information = await self._session.read("/serverInfo", patience=patience)
        if not isinstance(information, dict):
            raise IncompleteRead("Jira answered with something that says nothing of itself.")
        return str(information.get("version") or "")

    async def _found(self) -> Capabilities:
        await self._session.known()
        await self._session.applications()
        version = await self.version()
        reasons: dict[str, Any] = {"rename_group": RENAME_GROUP}
        for probe in _PROBES:
            reasons |= dict.fromkeys(probe.fields, await self._reason(probe, version))
        reasons["create_user"] = reasons["create_user"] or await misplacement(self._session.http, self._directory)
        return replace(Capabilities(names=NAME_RULES, directory=self._directory), **reasons)

    async def _reason(self, probe: _Probe, version: str) -> str | None:
        """Why Jira cannot do this and the way round; `None` where it can."""
        answer = await self._session.probe(probe.method, probe.path.replace("{}", nobody()), probe.document)
        if is_absent(answer):
            return (
                f"Jira {version or 'of this version'} cannot {probe.does} over its REST API. Upgrade it, or provision "
                "the Crowd that it takes its users from."
            )
        if "create_user" in probe.fields and (refusal := _refusal_of_all(answer)):
            return f"Jira does not create accounts: {refusal} Provision the directory that it takes its users from."
        return None


def _refusal_of_all(answer: Answer) -> str:
    """What Jira says that creates no account at all; empty where it only complains about the blank values.

    It looks whether there is a directory to write to before it looks at any value, and names the field of each value.
    """
    try:
        document = answer.document()
    except IncompleteRead:
        return ""
    if answer.status not in (400, 403) or not isinstance(document, dict) or document.get("errors"):
        return ""
    said = error_text(answer).rstrip(".")
    return f"{said}." if said else ""
