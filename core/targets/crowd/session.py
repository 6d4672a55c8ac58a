"""The calls to one Crowd, or to a Jira that serves Crowd's REST API, as one of its applications.

The credential is an application's name and password, no user's, and the application may call only from addresses that
Crowd has on its list. A 403 has two causes: the address, which stops everything, or a permission that the application
lacks in a directory, which stops one item; Crowd's reason tells them apart.
"""

from typing import Any

from core.targets.answer import Answer
from core.targets.http import Http, Query
from core.targets.protocol import CredentialFailed, IncompleteRead, Refused
from core.targets.retries import PATIENT, Patience

API = "/rest/usermanagement/1"
_VERSION = "x-embedded-crowd-version"
"""Header of every answer, from which Crowd's own clients know that they speak to a Crowd: `Crowd/6.1.0`."""
DENIED = "APPLICATION_PERMISSION_DENIED"
"""Crowd's reason where the application lacks a permission in a directory."""
ALLOW = "Allow {permission} in Crowd, both in the permissions of the directory and in those of the application."


class Session:
    """Reads and writes of one Crowd below `/rest/usermanagement/1`."""

    def __init__(self, http: Http) -> None:
        self.http = http

    async def read(
        self, path: str, query: Query | None = None, *, subject: str = "", patience: Patience = PATIENT
    ) -> Any:
        """GET and answer the JSON document.

        :raises TargetError: as `Http.read`.
        """
        return (await self._read(path, query, subject, patience)).document()

    async def write(
        self, method: str, path: str, document: object = None, *, query: Query | None = None, subject: str, needs: str
    ) -> Answer:
        """Send a change; `needs` is the permission that Crowd wants for it.

        :raises TargetError: as `Http.write`; a 403 is told apart by its cause.
        """
        try:
            return await self.http.write(method, API + path, document, query=query, subject=subject)
        except CredentialFailed as error:
            if error.code != DENIED:
                raise explained(error) from error
            raise Refused(
                error.message, remedy=ALLOW.format(permission=needs), status=error.status, code=error.code
            ) from error

    async def probe(self, method: str, path: str, document: object = None) -> Answer:
        """Send a change about nobody, to see whether it is offered and permitted; `path` has its query."""
        try:
            return await self.http.probe(method, API + path, document, subject="probe")
        except CredentialFailed as error:
            raise explained(error) from error

    async def known(self, patience: Patience = PATIENT) -> str:
        """Product and version as the answer tells them, such as `Crowd/6.1.0`; empty where it does not.

        :raises CredentialFailed: when Crowd does not know the application, or not at this address.
        :raises IncompleteRead: when it is no Crowd that answers.
        """
        answer = await self._read("/search", {"entity-type": "user", "start-index": 0, "max-results": 1}, "", patience)
        document = answer.document()
        if not isinstance(document, dict) or not isinstance(document.get("users"), list):
            raise IncompleteRead("The answer is no list of users, as Crowd would give it.", status=answer.status)
        return answer.headers.get(_VERSION, "")

    async def _read(self, path: str, query: Query | None, subject: str, patience: Patience) -> Answer:
        try:
            return await self.http.read(API + path, query, subject=subject, patience=patience)
        except CredentialFailed as error:
            raise explained(error) from error


def explained(error: CredentialFailed) -> CredentialFailed:
    """The exception in Crowd's terms: what is wrong with the application, and where Crowd shows it."""
    if error.status == 401:
        return CredentialFailed(
            "Crowd does not accept the application's name and password.",
            remedy="Put the application's name, no user's, into the target's username, and its password where the "
            "credential says. Crowd shows it under Applications, Jira under Jira user server; it must be active.",
            status=401,
        )
    if error.status == 403:
        return CredentialFailed(
            f"The application may not call from this address. {error.message}",
            remedy="Add the address that Crowd names, this machine's or that of a proxy before Crowd, to the "
            "application's remote addresses.",
            status=403,
        )
    if error.status is not None and error.status < 400:
        return CredentialFailed(
            error.message,
            remedy=f"Let the sign-on pass requests to {API}, and check that the target's url leads to Crowd itself.",
            status=error.status,
        )
    return error
