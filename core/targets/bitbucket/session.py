"""The calls to one Bitbucket, made sure of who makes them.

A 401 or 403 on a change may be about the credential, the licence, or this one account or group, which only further
reads tell apart (`_refused`): the first stops a run, the last stops nothing else.
"""

from typing import Any
from urllib.parse import unquote

from core.targets.answer import Answer
from core.targets.bitbucket.credentials import explained, unknown
from core.targets.bitbucket.licence import read_licence
from core.targets.http import Http, Query
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    NoSeats,
    Refused,
    TargetError,
    Unsupported,
)
from core.targets.retries import PATIENT, Patience

_API = "/rest/api/latest"
_ANONYMOUS = "anonymous"
_WHOAMI = "/plugins/servlet/applinks/whoami"


class Session:
    """Reads and writes of one Bitbucket below `/rest/api/latest`."""

    def __init__(self, http: Http) -> None:
        self.http = http

    async def read(
        self, path: str, query: Query | None = None, *, subject: str = "", patience: Patience = PATIENT
    ) -> Any:
        """GET and answer the JSON document.

        :raises TargetError: as `Http.read`.
        """
        return (await self._got(_API + path, query, subject=subject, patience=patience)).document()

    async def write(
        self,
        method: str,
        path: str,
        document: object = None,
        *,
        query: Query | None = None,
        subject: str,
        creates: bool = False,
        takes_seat: bool = False,
    ) -> Answer:
        """Send a change. `creates` says that a 409 means that it is there already, `takes_seat` that it may need one.

        :raises NoSeats: when it needs a seat and the licence has none.
        :raises TargetError: as `Http.write`; a 401 or 403 is told apart by its cause.
        """
        try:
            return await self.http.write(method, _API + path, document, query=query, subject=subject)
        except CredentialFailed as error:
            if error.status not in (401, 403) or "xsrf" in error.message.lower():
                raise
            raise await self._refused(error, takes_seat=takes_seat) from error
        except AlreadyExists as error:
            if creates:
                raise
            remedy = "Change it in Bitbucket: it concerns the account behind the credential."
            raise Refused(error.message, remedy=remedy, status=error.status, code=error.code) from error

    async def probe(self, method: str, path: str, document: object = None) -> Answer:
        """Send a change about nobody, to see whether it is offered; `path` has its query."""
        try:
            return await self.http.probe(method, _API + path, document, subject="probe")
        except CredentialFailed as error:
            raise explained(error) from error

    async def known(self, patience: Patience = PATIENT) -> str:
        """The name of the account behind the credential; empty where Bitbucket does not tell.

        :raises CredentialFailed: when Bitbucket does not know who asks.
        """
        answer = await self._got(f"{_API}/application-properties", None, subject="", patience=patience)
        name = unquote(answer.headers.get("x-ausername", ""))
        if name and name.lower() != _ANONYMOUS:
            return name
        try:
            said = (await self._got(_WHOAMI, None, subject="", patience=patience)).body
        except (Refused, Unsupported):
            return ""
        if not said.strip():
            raise unknown()
        return said.decode(errors="replace").strip()

    async def administers(self, patience: Patience = PATIENT) -> None:
        """Make sure that the account may administer others.

        :raises CredentialFailed: when it may not.
        """
        await self._got(f"{_API}/admin/users", {"limit": 1}, subject="", patience=patience)

    async def _got(self, path: str, query: Query | None, *, subject: str, patience: Patience) -> Answer:
        try:
            return await self.http.read(path, query, subject=subject, patience=patience)
        except CredentialFailed as error:
            raise explained(error) from error

    async def _refused(self, error: TargetError, *, takes_seat: bool) -> TargetError:
        """What a 401 or 403 on a change means: no credential, no permission, no seat, or this one item."""
        try:
            await self.known()
            await self.administers()
            licence = await read_licence(self.read) if takes_seat else None
        except TargetError as cause:
            return cause
        if licence is not None and licence.left == 0:
            remedy = "Deactivate leavers, take permissions from others, or extend the licence."
            return NoSeats("The licence of Bitbucket has no seat left.", remedy=remedy, status=error.status)
        return Refused(
            f"{error.message} Its directory is read-only, or it has a higher permission than the credential.",
            remedy="Change it where it is managed, or give the credential's account the permission System admin.",
            status=error.status,
            code=error.code,
        )
