"""Signing in to the simulated Entra, as tests do it: over the real azure-identity, which speaks to TLS only.

So what it sends goes to the simulator, whatever host it means.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from core.config.graph_settings import GraphSettings
from core.config.settings import ProviderSettings, Settings
from core.credentials import SecretReference
from core.graph.checking import findings
from core.graph.finding import Finding
from core.graph.opening import opened
from core.graph.pull import pull
from core.store import Store
from tests.core.graph.world import PROVIDER, World, tenant_of
from tests.core.sandbox.graph.graph_sdk import SETTINGS, sent_to

SECRET = SecretReference("plain", SETTINGS.client_secret)
BASIC = GraphSettings(tenant=SETTINGS.tenant_id, client_id=SETTINGS.client_id, scope="all")


async def pulled(store: Store, url: str, settings: GraphSettings, **options: Any) -> tuple[set[str], list[str]]:
    """Who is active after a pull, and what was warned of."""
    provider = ProviderSettings(PROVIDER, "entra", method="graph", graph=replace(settings, base_url=url))
    warnings: list[str] = []
    async with opened(
        store, Settings(path=Path("config.toml"), providers=(provider,)), provider, tell=lambda text: None,
        on_wait=lambda seconds, reason: None, warn=warnings.append, transport=sent_to(url), **options,
    ) as session:  # fmt: skip
        await pull(session)
    return World(store, tenant_of(0)).active(), warnings


async def found(url: str, settings: GraphSettings, prompt: Any = None, **options: bool) -> dict[str, Finding]:
    """What a check finds, by subject."""
    there = findings(replace(settings, base_url=url), prompt, sent_to(url), **options)
    return {finding.subject: finding async for finding in there}
