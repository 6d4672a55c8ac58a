"""Confluence's JSON-RPC, which older versions have for what their REST lacks, where an admin has switched it on.

It answers 200 whatever becomes of a call; a failed one has an `error` with a text of no fixed form. What a text means
is found out by reading what is so afterwards, over REST (`older.py`).

Source: Atlassian, "Confluence JSON-RPC APIs".
"""

from typing import Any

from core.targets.confluence.session import Session, named
from core.targets.error_text import one_line
from core.targets.nobody import nobody
from core.targets.protocol import CredentialFailed, IncompleteRead, OutcomeUnknown, Refused, TargetError, Unsupported
from core.targets.retries import PATIENT, Patience

SERVICE = "/rpc/json-rpc/confluenceservice-v2"
SWITCH = "General configuration, Further configuration"
"""Where an admin switches on the "Remote API (XML-RPC & SOAP)", which JSON-RPC belongs to."""


class JsonRpc:
    """The calls of one Confluence's JSON-RPC."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def is_on(self, patience: Patience = PATIENT) -> bool:
        """Whether it answers; switched off it shows a page, or forbids.

        :raises Unavailable: when no answer came.
        """
        document = _envelope("hasUser", nobody())
        try:
            answer = await self._session.http.probe("POST", SERVICE, document, subject="probe", patience=patience)
            said = answer.document()
        except (CredentialFailed, IncompleteRead):
            return False
        return answer.status == 200 and isinstance(said, dict) and "result" in said

    async def change(self, method: str, *params: object, subject: str, secret: str = "") -> None:
        """Call a method that changes something; the log masks `secret` in its parameters.

        :raises Refused: when Confluence says that it failed.
        :raises CredentialFailed: when it failed because Confluence does not know who asks.
        :raises Unsupported: when it was switched off meanwhile.
        :raises OutcomeUnknown: when no answer came, or one that says nothing.
        """
        document = _envelope(method, *params)
        said = await self._said(document, subject, secret)
        error = said.get("error")
        if error is None:
            return
        await self._session.known()
        text = one_line(str(error.get("message") if isinstance(error, dict) else error)).rstrip(".")
        raise Refused(
            f"{self._session.http.party} refused {method}: {text.rpartition('Exception: ')[2]}.",
            remedy="Correct the value where it comes from, or give the account behind the credential administrator "
            "permission.",
        )

    async def _said(self, document: object, subject: str, secret: str) -> dict[str, Any]:
        http = self._session.http
        try:
            answer = named(await http.write("POST", SERVICE, document, subject=subject, secret=secret))
        except CredentialFailed as error:
            if error.status == 401:
                raise
            await self._session.known()
            raise Unsupported(
                f"{http.party} does not let anybody use JSON-RPC any more: the Remote API was switched off.",
                remedy=f"Switch it on under {SWITCH}.",
                status=error.status,
            ) from error
        try:
            said = answer.document()
        except TargetError:
            said = None
        if not isinstance(said, dict) or said.keys().isdisjoint(("result", "error")):
            raise OutcomeUnknown(
                f"{http.party} answered with something that is no JSON-RPC.", remedy="It is read back first."
            )
        return said


def _envelope(method: str, *params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
