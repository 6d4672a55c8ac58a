"""The calls to one Confluence, made sure of who makes them.

An expired or mistyped token may not fail: where anonymous access is on, Confluence serves the request as anonymous
(CONFSERVER-98199). So every answer's `X-AUSERNAME` is looked at, and where there is none `known` asks Confluence
outright. A 403 on a write has several causes in Confluence, which only further reads tell apart (`_refused`).
"""

from typing import Any

from core.targets.answer import Answer
from core.targets.error_text import error_text
from core.targets.errors import is_absent
from core.targets.http import Http, Query
from core.targets.nobody import nobody
from core.targets.protocol import CredentialFailed, NotFound, Refused, TargetError, Unavailable, Unsupported
from core.targets.retries import PATIENT, Patience

READ_ONLY = "Confluence is in read-only mode."
READ_ONLY_REMEDY = "Switch it off under General configuration, Maintenance."


class Session:
    """Reads and writes of one Confluence below `/rest/api`."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self._silent = False
        """Whether any answer came without the name of the one whom it was for."""

    async def read(
        self, path: str, query: Query | None = None, *, subject: str = "", patience: Patience = PATIENT
    ) -> Any:
        """GET and answer the JSON document.

        :raises TargetError: as `Http.read`; `CredentialFailed` also where Confluence answered as anonymous.
        """
        try:
            answer = await self.http.read("/rest/api" + path, query, subject=subject, patience=patience)
        except (CredentialFailed, NotFound) as error:
            # For anonymous, whom a dead token makes us, things are forbidden or seem gone that are there.
            if error.status in (403, 404):
                await self.known(patience)
            raise
        self._silent = self._silent or not answer.headers.get("x-ausername")
        return named(answer).document()

    async def vouch(self) -> None:
        """Make sure that nothing of what was read until now was read as anonymous.

        :raises CredentialFailed: when it may have been.
        """
        if self._silent:
            await self.known()

    async def write(self, method: str, path: str, document: object = None, *, subject: str) -> Answer:
        """Send a change.

        :raises TargetError: as `Http.write`; a 403 or 405 is told apart by its cause.
        """
        try:
            return named(await self.http.write(method, "/rest/api" + path, document, subject=subject))
        except (CredentialFailed, Unsupported) as error:
            if error.status not in (403, 405):
                raise
            raise await self._refused(error) from error

    async def known(self, patience: Patience = PATIENT) -> str:
        """The name of the account behind the credential.

        :raises CredentialFailed: when Confluence does not know who asks.
        """
        user = named(await self.http.read("/rest/api/user/current", patience=patience)).document()
        if not isinstance(user, dict) or user.get("type") != "known":
            raise anonymous()
        return str(user.get("username", ""))

    async def require_administrator(self, patience: Patience = PATIENT) -> None:
        """Make sure that the account may change others; nothing is said where this version has no call that tells.

        :raises CredentialFailed: when it may not.
        """
        for path in (f"/admin/user/{nobody()}/disable", f"/user/{nobody()}/group/{nobody()}"):
            answer = await self.http.probe("PUT", "/rest/api" + path, subject="probe", patience=patience)
            if answer.status == 403:
                raise CredentialFailed(
                    f"The account behind the credential is no Confluence administrator: {error_text(answer)}",
                    remedy="Add it to a group that has the global permission Confluence Administrator.",
                    status=403,
                )
            if not is_absent(answer):
                return

    async def is_read_only(self, patience: Patience = PATIENT) -> bool:
        """Whether an admin has put Confluence into read-only mode; no where it does not tell."""
        try:
            answer = await self.http.read("/rest/api/accessmode", patience=patience)
        except (Refused, Unsupported):
            return False
        return answer.body.strip(b'" \r\n') == b"READ_ONLY"

    async def _refused(self, error: TargetError) -> TargetError:
        """What a 403 or 405 on a write means: no credential, no permission, read-only mode, or this one item."""
        try:
            await self.known()
            if await self.is_read_only():
                return Unavailable(READ_ONLY, remedy=READ_ONLY_REMEDY, status=error.status)
            if isinstance(error, Unsupported):
                return error
            await self.require_administrator()
        except TargetError as cause:
            return cause
        return Refused(
            f"{error.message} The account or group lives in a read-only directory, or is a system administrator's.",
            remedy="Change it in that directory, or as a system administrator.",
            status=error.status,
        )


def named(answer: Answer) -> Answer:
    """The answer itself.

    :raises CredentialFailed: when Confluence says that it served it as anonymous.
    """
    if answer.headers.get("x-ausername", "").lower() == "anonymous":
        raise anonymous()
    return answer


def cannot_list(error: Unsupported) -> Unsupported:
    """The exception for a version without a listing of all accounts, with the way round."""
    return Unsupported(
        "This Confluence cannot list its accounts over its REST API.",
        remedy="Upgrade it to 8.4 or later, or provision the Crowd or Jira that it takes its users from.",
        status=error.status,
    )


def anonymous() -> CredentialFailed:
    """The exception for requests that Confluence served as anonymous."""
    return CredentialFailed(
        "The token is not accepted: Confluence answered as anonymous. It is wrong, expired or revoked.",
        remedy="Make a new one in Confluence under Settings, Personal Access Tokens.",
        status=401,
    )
