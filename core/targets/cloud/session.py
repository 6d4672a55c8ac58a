"""The calls to one directory of Atlassian Cloud, below `https://api.atlassian.com/scim/directory/{directoryId}`.

The API key is the directory's own: neither an organization's API key nor a user's API token. A 404 may mean that the
one user or group is gone, or that the directory is: `require_directory` tells.
"""

from typing import Any

from core.targets.answer import Answer
from core.targets.cloud.refusals import is_about_a_limit
from core.targets.http import Http, Query
from core.targets.protocol import CredentialFailed, NotFound, Refused, TargetError, Unavailable
from core.targets.retries import PATIENT, Patience

KEY_REMEDY = (
    "Regenerate it in admin.atlassian.com under Security, Identity providers, User provisioning, and put it where the "
    "target's credential says. An organization's API key and a user's API token are others, and do not do."
)


class Session:
    """Reads and writes of one directory."""

    def __init__(self, http: Http) -> None:
        self.http = http

    async def read(
        self, path: str, query: Query | None = None, *, subject: str = "", patience: Patience = PATIENT
    ) -> Any:
        """GET and answer the JSON document.

        :raises TargetError: as `Http.read`.
        """
        try:
            answer = await self.http.read(path, query, subject=subject, patience=patience)
        except (CredentialFailed, Unavailable) as error:
            raise _explained(error) from error
        return answer.document()

    async def read_listing(self, path: str, query: Query, *, subject: str = "", patience: Patience = PATIENT) -> Any:
        """GET what is there unless the directory is not.

        :raises Unavailable: when there is no such directory.
        :raises TargetError: as `Http.read`.
        """
        try:
            return await self.read(path, query, subject=subject, patience=patience)
        except NotFound as error:
            raise _no_directory(self.http, error) from error

    async def write(self, method: str, path: str, document: object = None, *, subject: str) -> Answer:
        """Send a change.

        :raises TargetError: as `Http.write`; a 403 that is about a limit is no fault of the key.
        """
        try:
            return await self.http.write(method, path, document, subject=subject)
        except CredentialFailed as error:
            if error.status == 403 and is_about_a_limit(error):
                raise Refused(error.message, remedy=error.remedy, status=403) from error
            raise _explained(error) from error
        except Unavailable as error:
            raise _explained(error) from error

    async def require_directory(self, patience: Patience = PATIENT) -> None:
        """Make sure that the directory is there and the key is good for it.

        :raises Unavailable: when there is no such directory.
        :raises CredentialFailed: when the key is not accepted.
        """
        await self.read_listing("/Users", {"startIndex": 1, "count": 1}, patience=patience)


def _explained(error: TargetError) -> TargetError:
    """What a refused key and a limited rate mean here: nobody can be exempted from Atlassian's limits."""
    if error.status == 429:
        remedy = "Try again later. Where it stays so, lower the target's in_flight, or let schedule.every be longer."
        return Unavailable(error.message, remedy=remedy, status=429)
    if error.status not in (401, 403):
        return error
    return CredentialFailed(
        f"{error.message} The API key is wrong, expired, or another directory's.",
        remedy=KEY_REMEDY,
        status=error.status,
    )


def _no_directory(http: Http, error: NotFound) -> Unavailable:
    return Unavailable(
        f"There is no directory at {http.base_url}: {error.message}",
        remedy="Copy the directory base URL from admin.atlassian.com, Security, Identity providers, into the target's "
        "url. Where the directory was made anew, it has a new one, and a new API key.",
        status=404,
    )
