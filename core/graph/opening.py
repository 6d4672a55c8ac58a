"""A pull as the configuration has it: signed in, over Microsoft's SDK, to the cloud that is named."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from core.config import ProviderSettings, Settings
from core.graph.client import Client, OnWait
from core.graph.errors import GraphError
from core.graph.permissions import beyond_reading
from core.graph.recording import RecordingClient
from core.graph.sdk import SdkSender, check_installed
from core.graph.session import Session, Tell
from core.graph.sign_in import Prompt, base_url, credential, permissions_in, scope
from core.store import Store


@asynccontextmanager
async def opened(
    store: Store, settings: Settings, provider: ProviderSettings, *,
    tell: Tell, on_wait: OnWait, warn: Callable[[str], None], prompt: Prompt | None = None,
) -> AsyncIterator[Session]:  # fmt: skip
    """A session for one pull of a provider; a `prompt` signs in by device code.

    :raises GraphError: when the SDK is not installed, or no credential is named.
    :raises SecretError: when a secret cannot be had.
    """
    graph = provider.graph
    if graph is None:
        raise GraphError(f"{provider.name} is not read over Microsoft Graph.", 'Write method = "graph" for it.')
    check_installed()
    signing = credential(graph, prompt)
    http = RecordingClient(party=provider.name, log=store.writer.log, bodies=settings.log.bodies)
    try:
        sender = SdkSender(signing, base_url(graph), scope(graph), http)
        client = Client(sender, base_url(graph), client_id=graph.client_id, on_wait=on_wait)
        if (excess := _excess(signing, scope(graph))) and graph.token is None:
            warn(f"The app may change things in Entra ({', '.join(excess)}): a pull needs no such permission.")
        targets = [target.name for target in settings.targets if target.provider == provider.name]
        yield Session(store, client, provider.name, graph, targets, tell)
    finally:
        await http.aclose()
        with suppress(AttributeError):
            signing.close()


def _excess(signing: object, wanted: str) -> list[str]:
    """Permissions of the token to change something. That none is to be had, the first request says."""
    try:
        token = signing.get_token(wanted).token  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - azure-identity raises what it likes; asked again, it says so with a reason
        return []
    return beyond_reading(permissions_in(token))
