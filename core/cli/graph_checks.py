"""What `manciple check` tries over Microsoft Graph: of who is read, or whose log is, all at the same time."""

import asyncio
from collections.abc import Sequence

from core.cli.checks import Check
from core.config import ProviderSettings


async def graph_checks(providers: Sequence[ProviderSettings]) -> list[Check]:
    """The findings of each, in their order; nothing for those of whom nothing is read."""
    found = await asyncio.gather(*(_provider(each) for each in providers if each.graph or each.provisioning_log))
    return [check for checks in found for check in checks]


async def _provider(provider: ProviderSettings) -> list[Check]:
    # Imported here: only who reads over Graph waits for its libraries.
    from core.graph.checking import findings

    graph, reads_log = provider.graph or provider.provisioning_log, provider.provisioning_log is not None
    assert graph is not None
    if graph.is_by_hand:
        detail = "It names no credential: it is read only where somebody signs in with --device-code."
        return [Check("provider", provider.name, "credential", "warning", detail)]
    return [
        Check("provider", provider.name, each.subject, each.state, each.detail, each.remedy, each.is_here)
        async for each in findings(graph, reads=provider.graph is not None, reads_log=reads_log)
    ]
