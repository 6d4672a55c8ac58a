"""What this Crowd lets the application do, asked of it and not read off its version.

Each call that changes something is sent about somebody who does not exist, or with a blank name. Crowd refuses the
blank name after it has looked whether the application may create at all. With the others it may look for the user or
group first, and then says nothing about the permission: that shows only when something is changed, as a refusal of
that one item (`core.targets.crowd.session`).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from core.planning.values import Capabilities
from core.targets.crowd.names import NAME_RULES, RENAME_GROUP
from core.targets.crowd.reading import EXTERNAL_ID, NAME_PARTS
from core.targets.crowd.session import ALLOW, DENIED, Session
from core.targets.error_text import error_code
from core.targets.errors import is_absent
from core.targets.nobody import nobody
from core.targets.remembered import Remembered
from core.targets.timing import Timing

FRESH_FOR = 300.0
"""Seconds that an answer of `capabilities` holds without asking again."""


@dataclass(frozen=True, slots=True)
class _Probe:
    """One call to look for. `{}` in the path stands for a name that does not exist."""

    fields: tuple[str, ...]
    """Of `Capabilities`."""
    method: str
    path: str
    document: object
    does: str
    needs: str
    """The permission, as Crowd's console calls it."""


_PROBES = (
    _Probe(("create_user",), "POST", "/user", {"name": "", "password": {"value": ""}}, "create users", "Add User"),
    _Probe(
        ("update_user", "set_active"), "PUT", "/user?username={}", {"name": nobody()}, "change users", "Modify User"
    ),
    _Probe(("rename_user",), "POST", "/user/rename?username={}", {"new-name": nobody()}, "rename users", "Modify User"),
    _Probe(("delete_user",), "DELETE", "/user?username={}", None, "delete users", "Remove User"),
    _Probe(("create_group",), "POST", "/group", {"name": "", "type": "GROUP"}, "create groups", "Add Group"),
    _Probe(("delete_group",), "DELETE", "/group?groupname={}", None, "delete groups", "Remove Group"),
    _Probe(
        ("members",),
        "DELETE",
        "/group/user/direct?groupname={}&username={}",
        None,
        "change the members of groups",
        "Modify Group",
    ),
)
_ATTRIBUTES = _Probe(
    (),
    "DELETE",
    f"/user/attribute?username={{}}&attributename={EXTERNAL_ID}",
    None,
    "change attributes",
    "Modify User Attributes",
)


class Probing:
    """Finds out what one Crowd lets the application do, and remembers it. `attributes` are those that rules make."""

    def __init__(self, session: Session, timing: Timing, attributes: Collection[str]) -> None:
        self._session = session
        self.attributes = frozenset(attributes)
        self._remembered = Remembered(self._found, FRESH_FOR, timing)

    async def capabilities(self) -> Capabilities:
        """What the application can do now.

        :raises CredentialFailed: when Crowd does not know the application, or not at this address.
        """
        return await self._remembered.get()

    async def _found(self) -> Capabilities:
        product = await self._session.known()
        reasons: dict[str, Any] = {"rename_group": RENAME_GROUP}
        for probe in _PROBES:
            reasons |= dict.fromkeys(probe.fields, await self._reason(probe, product))
        can_hold = await self._reason(_ATTRIBUTES, product) is None
        attributes = frozenset(NAME_PARTS) | ((self.attributes | {EXTERNAL_ID}) if can_hold else frozenset())
        return replace(Capabilities(names=NAME_RULES), attributes=attributes, **reasons)

    async def _reason(self, probe: _Probe, product: str) -> str | None:
        """Why this cannot be done and the way round; `None` where it can."""
        path = probe.path.replace("{}", nobody())
        answer = await self._session.probe(probe.method, path, probe.document)
        if is_absent(answer):
            return f"{product or 'This Crowd'} cannot {probe.does} over its REST API. Upgrade it."
        if answer.status != 403:
            return None
        if error_code(answer) == DENIED:
            return f"The application may not {probe.does}. {ALLOW.format(permission=probe.needs)}"
        return f"Something before Crowd does not let requests pass that {probe.does}. Let a proxy pass {probe.method}."
