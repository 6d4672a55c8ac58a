"""A pull as the configuration has it: signed in, over Microsoft's SDK, to the cloud that is named."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from core.config import ProviderSettings, Settings
from core.config.graph_settings import GraphSettings
from core.credentials import SecretError
from core.graph.client import Client, OnWait
from core.graph.errors import GraphError, PullRunning
from core.graph.permissions import beyond_reading
from core.graph.recording import RecordingClient
from core.graph.sdk import SdkSender, check_installed
from core.graph.session import Session, Tell
from core.graph.sign_in import Prompt, Transport, base_url, credential, permissions_in, token_of
from core.graph.telling import Telling
from core.store import Store, StoreError, graph_feeds

CODE_SECONDS = 900.0
"""How long a device code is good, as Entra gives it."""


@asynccontextmanager
async def opened(
    store: Store, settings: Settings, provider: ProviderSettings, *,
    tell: Tell, on_wait: OnWait, warn: Callable[[str], None], prompt: Prompt | None = None, transport: Transport = None,
) -> AsyncIterator[Session]:  # fmt: skip
    """A session for one pull of a provider; a `prompt` signs in by device code. What it does stands in the store, live.

    :raises GraphError: when another pull of it is under way, the SDK is not installed, or no access token is to be had.
    :raises SecretError: when a secret cannot be had.
    """
    graph = provider.graph
    if graph is None:
        raise GraphError(f"{provider.name} is not read over Microsoft Graph.", 'Write method = "graph" for it.')
    with store.backend.pull_lock(provider.name) as is_ours:
        if not is_ours:
            raise PullRunning(provider.name)
    telling = Telling(store, provider.name)
    await telling.begin("signing in")
    try:
        async with _signed_in(store, settings, provider, graph, telling, on_wait, warn, prompt, transport) as client:
            telling.count(client)
            targets = [target.name for target in settings.targets if target.provider == provider.name]

            def step(text: str) -> None:
                telling.step(text)
                tell(text)

            yield Session(store, client, provider.name, graph, targets, step)
    finally:
        with suppress(StoreError):  # what the pull itself ran into is told, and not this
            await telling.end()


@asynccontextmanager
async def _signed_in(
    store: Store, settings: Settings, provider: ProviderSettings, graph: GraphSettings, telling: Telling,
    on_wait: OnWait, warn: Callable[[str], None], prompt: Prompt | None, transport: Transport,
) -> AsyncIterator[Client]:  # fmt: skip
    def ask(address: str, code: str) -> None:
        telling.waits(CODE_SECONDS, f"somebody who opens {address} and enters {code}")
        assert prompt is not None
        prompt(address, code)

    def waits(seconds: float, reason: str) -> None:
        telling.waits(seconds, reason)
        on_wait(seconds, reason)

    try:
        check_installed()
        signing = credential(graph, ask if prompt is not None else None, transport)
        # In a thread: it blocks, by device code for minutes.
        token = await asyncio.to_thread(token_of, signing, graph)
    except (GraphError, SecretError) as error:
        text = str(error)
        await store.writer.write(lambda tx: graph_feeds.fail(tx, provider.name, text))
        raise
    http = RecordingClient(party=provider.name, log=store.writer.log, bodies=settings.log.bodies)
    try:
        if (excess := beyond_reading(permissions_in(token))) and graph.token is None:
            warn(f"The app may change things in Entra ({', '.join(excess)}): a pull needs no such permission.")
        yield Client(
            SdkSender(signing, graph, http), base_url(graph), client_id=graph.client_id, on_wait=waits,
            is_own=graph.base_url is not None, is_delegated=prompt is not None,
        )  # fmt: skip
    finally:
        await http.aclose()
        with suppress(AttributeError):
            signing.close()
