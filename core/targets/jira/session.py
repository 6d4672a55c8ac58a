"""The calls to one Jira, made sure of who makes them.

Jira answers 401 to a dead token, but some of its calls answer anonymous visitors too, with less (`/project`), so that
`known` asks outright who one is. A 403 has several causes in Jira, which only further reads tell apart (`_refused`).
"""

from typing import Any

from core.targets.answer import Answer
from core.targets.http import Http, Query
from core.targets.protocol import CredentialFailed, IncompleteRead, Refused, TargetError
from core.targets.retries import PATIENT, Patience

_API = "/rest/api/2"


class Session:
    """Reads and writes of one Jira below `/rest/api/2`."""

    def __init__(self, http: Http) -> None:
        self.http = http

    async def read(
        self, path: str, query: Query | None = None, *, subject: str = "", patience: Patience = PATIENT
    ) -> Any:
        """GET and answer the JSON document.

        :raises TargetError: as `Http.read`.
        """
        answer = await self.http.read(_API + path, query, subject=subject, patience=patience)
        return answer.document()

    async def write(
        self, method: str, path: str, document: object = None, *, query: Query | None = None, subject: str
    ) -> Answer:
        """Send a change.

        :raises TargetError: as `Http.write`; a 403 is told apart by its cause.
        """
        try:
            return await self.http.write(method, _API + path, document, query=query, subject=subject)
        except CredentialFailed as error:
            if error.status != 403:
                raise
            raise await self._refused(error) from error

    async def probe(self, method: str, path: str, document: object = None) -> Answer:
        """Send a change about nobody, to see whether it is offered; `path` has its query."""
        return await self.http.probe(method, _API + path, document, subject="probe")

    async def known(self, patience: Patience = PATIENT) -> str:
        """The name of the account behind the credential.

        :raises CredentialFailed: when Jira does not know who asks.
        """
        user = await self.read("/myself", patience=patience)
        name = user.get("name") if isinstance(user, dict) else None
        if not isinstance(name, str) or not name:
            raise CredentialFailed(
                "Jira does not know who asks: the token is wrong, expired or revoked.",
                remedy="Make a new one in Jira under Profile, Personal Access Tokens.",
                status=401,
            )
        return name

    async def applications(self, patience: Patience = PATIENT) -> list[dict[str, Any]]:
        """The licensed applications with their seats and groups, which only administrators may see.

        :raises CredentialFailed: when the account is no administrator.
        """
        try:
            listed = await self.read("/applicationrole", patience=patience)
        except CredentialFailed as error:
            if error.status != 403:
                raise
            raise CredentialFailed(
                "The account behind the credential is no Jira administrator.",
                remedy="Add it to a group that has the global permission Administer Jira.",
                status=403,
            ) from error
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            raise IncompleteRead("Jira answered with something that is no list of applications.")
        return listed

    async def _refused(self, error: TargetError) -> TargetError:
        """What a 403 on a write means: no credential, no permission, or this one item."""
        try:
            await self.known()
            await self.applications()
        except TargetError as cause:
            return cause
        return Refused(
            f"{error.message} It is archived, managed outside of Jira, or a system administrator's.",
            remedy="Change it in Jira as a system administrator, or where it is managed.",
            status=error.status,
        )
