"""Whether a provider can be read over Microsoft Graph: signed in, and each thing that a pull asks for tried once.

What the token says is only looked at for permissions that are too many; what is allowed is proved by asking.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Literal

from core.config.graph_settings import GraphSettings
from core.credentials import SecretError
from core.exchange import Exchange
from core.graph import queries
from core.graph.certificates import certificate_finding
from core.graph.client import Client
from core.graph.errors import GraphError, NotThere, Unreachable
from core.graph.finding import Finding
from core.graph.permissions import beyond_reading
from core.graph.recording import RecordingClient
from core.graph.sdk import SdkSender, check_installed
from core.graph.sign_in import Prompt, Transport, base_url, credential, permissions_in, token_of
from core.graph.silence import CHECKING


async def findings(
    settings: GraphSettings, prompt: Prompt | None = None, transport: Transport = None, *,
    reads: bool = True, reads_log: bool = False,
) -> AsyncIterator[Finding]:  # fmt: skip
    """All there is to find; changes nothing, and keeps nothing. `reads` says that users and groups are read, and
    `reads_log` that Entra's provisioning log is."""
    if settings.certificate is not None and prompt is None:
        found = certificate_finding(settings.certificate, settings.certificate_password)
        yield found
        if found.state == "failed":
            return
    try:
        check_installed()
        signing = credential(settings, prompt, transport)
        token = await asyncio.to_thread(token_of, signing, settings)
    except (GraphError, SecretError) as error:
        yield Finding("credential", "failed", error.message, error.remedy, not isinstance(error, Unreachable))
        return
    who = f"app {settings.client_id}" if settings.client_id else "the app"
    where = f" of {settings.tenant}" if settings.tenant else ""
    yield Finding("credential", "ok", f"Entra gives {who}{where} an access token.")
    if (excess := beyond_reading(permissions_in(token))) and settings.token is None:
        remedy = "Take them away in API permissions of the app registration, and grant admin consent again."
        yield Finding("permissions", "warning", f"The app may change things in Entra: {', '.join(excess)}.", remedy)
    http = RecordingClient(party="check", log=_forget, bodies="none")
    try:
        client = Client(
            SdkSender(signing, settings, http), base_url(settings), client_id=settings.client_id, patience=CHECKING,
            is_own=settings.base_url is not None, is_delegated=prompt is not None,
        )  # fmt: skip
        asked = [*(_asked(settings) if reads else ()), *(_asked_log(settings, reads=reads) if reads_log else ())]
        for subject, path in asked:
            try:
                yield await _tried(client, subject, path)
            except Unreachable as error:
                yield Finding("graph", "failed", error.message, error.remedy, settings.base_url is not None)
                return
    finally:
        await http.aclose()
        with suppress(AttributeError):
            signing.close()


def _asked(settings: GraphSettings) -> list[tuple[str, str]]:
    """What a pull reads, and one request for each."""
    asked = [("users", "users?$select=id&$top=1"), ("groups", "groups?$select=id&$top=1")]
    if settings.scope == "assigned" and settings.application is not None:
        asked.append(("application", f"{queries.assigned_to(settings.application).partition('?')[0]}?$top=1"))
    if settings.details:
        asked += [("tenant", "organization?$select=id"), ("licences", "subscribedSkus?$select=skuId")]
    return asked


def _asked_log(settings: GraphSettings, *, reads: bool) -> list[tuple[str, str]]:
    """What is read to lay Entra's log beside ours."""
    asked = [("provisioning_log", "auditLogs/provisioning?$top=1")]
    if settings.application is not None and not (reads and settings.scope == "assigned"):
        asked.append(("application", f"{queries.assigned_to(settings.application).partition('?')[0]}?$top=1"))
    return asked


async def _tried(client: Client, subject: str, path: str) -> Finding:
    try:
        answer: dict[str, Any] = await client.get(path)
    except Unreachable:
        raise
    except NotThere:
        remedy = "Copy the Application ID from the overview of the enterprise application in Entra."
        return Finding(subject, "failed", "The tenant has no such enterprise application.", remedy)
    except GraphError as error:
        state: Literal["warning", "failed"] = "warning" if subject in _OPTIONAL else "failed"
        return Finding(subject, state, error.message, error.remedy)
    if subject == "application" and not answer.get("value"):
        remedy = "Assign users or groups: Enterprise applications > the application > Users and groups."
        return Finding(subject, "warning", "Nothing is assigned to the enterprise application.", remedy)
    return Finding(subject, "ok", f"The app may read the {_NAMES[subject]}.")


_NAMES = {
    "users": "users",
    "groups": "groups",
    "application": "assignments of the enterprise application",
    "tenant": "tenant's name and domains",
    "licences": "licences of the tenant",
    "provisioning_log": "provisioning log",
}
_OPTIONAL = frozenset({"tenant", "licences"})
"""What a pull leaves out where the app may not read it."""


def _forget(_: Exchange) -> None:
    """Keep nothing: a check leaves no trace in the log."""
