"""Entra's provisioning log of one provider, read, and laid beside what came here in the same time."""

import asyncio
from contextlib import suppress

from core.config import ProviderSettings, Settings
from core.graph.beside import Beside, lay_beside
from core.graph.client import Client, OnWait
from core.graph.errors import GraphError
from core.graph.provisioning_log import read_log
from core.graph.recording import RecordingClient
from core.graph.sdk import SdkSender, check_installed
from core.graph.sign_in import Prompt, Transport, base_url, credential, token_of
from core.store import Store, scim_writes
from core.store.clock import now_ms


async def compare(
    store: Store, settings: Settings, provider: ProviderSettings, since: int, *,
    on_wait: OnWait, prompt: Prompt | None = None, transport: Transport = None,
) -> list[Beside]:  # fmt: skip
    """What both sides saw since then, in milliseconds, in the order of time.

    :raises GraphError: when the log is not to be read, or cannot be.
    :raises SecretError: when a secret cannot be had.
    """
    graph = provider.provisioning_log
    if graph is None:
        remedy = "Write provisioning_log = true in its [[provider]], and a [provider.graph] that says as whom."
        raise GraphError(f"The provisioning log of {provider.name} is not read.", remedy)
    check_installed()
    signing = credential(graph, prompt, transport)
    await asyncio.to_thread(token_of, signing, graph)
    http = RecordingClient(party=provider.name, log=store.writer.log, bodies=settings.log.bodies)
    try:
        client = Client(
            SdkSender(signing, graph, http), base_url(graph), client_id=graph.client_id, on_wait=on_wait,
            is_own=graph.base_url is not None, is_delegated=prompt is not None,
        )  # fmt: skip
        rows = await read_log(client, since, graph.application)
    finally:
        await http.aclose()
        with suppress(AttributeError):
            signing.close()
    with store.read() as connection:
        ours = scim_writes.writes(connection, provider.name, since)
    return lay_beside(rows, ours, now_ms())
