"""What `manciple check` asks the targets themselves, all at the same time."""

import asyncio
from collections.abc import Sequence

from core.cli.checks import Check
from core.config import TargetSettings
from core.credentials import SecretError
from core.exchange import Exchange
from core.targets.protocol import TargetError


async def target_checks(targets: Sequence[TargetSettings]) -> list[Check]:
    """The findings of each target's own health check, in the order of the targets."""
    found = await asyncio.gather(*(_target(settings) for settings in targets))
    return [check for checks in found for check in checks]


async def _target(settings: TargetSettings) -> list[Check]:
    # Imported here: it brings the HTTP client with it, which the other commands need not wait for.
    from core.targets.registry import open_target

    try:
        target = open_target(settings, log=_forget, bodies="none")
    except SecretError as error:
        message, remedy = f"{error.message}.", f"{error.remedy}."
        return [Check("target", settings.name, "credential", "failed", message, remedy, is_here=True)]
    except TargetError as error:
        return [Check("target", settings.name, "ca_file", "failed", error.message, error.remedy, is_here=True)]
    try:
        findings = await target.check()
    finally:
        await target.aclose()
    return [
        Check("target", settings.name, each.subject, "ok" if each.ok else "failed", each.detail, each.remedy)
        for each in findings
    ]


def _forget(_: Exchange) -> None:
    """Keep nothing: exchanges are numbered by the one process that writes the log, the engine."""
