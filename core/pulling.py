"""The schedule of pulls: each provider that is read over Microsoft Graph gets a process of its own, again and again.

Nothing of Graph is loaded here: Microsoft's SDK is large and slow to load, and an engine answers SCIM. A pull that
fails is tried again later and later, so that a wrong password or a directory that is down leads to no storm; what
failed stands with the provider (`manciple status`).
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core.config import ProviderSettings

_log = logging.getLogger(__name__)

LONGEST_BACK_OFF = 3600.0
"""Seconds between two pulls that fail, at most (or as long as `every`, where that is longer)."""
_FIRST_BACK_OFF = 60.0
_WENT_THROUGH = (0, 3)
"""Exit codes: done, and done but for users or groups that wait for an admin."""
_STOP_SECONDS = 10.0
"""How long a pull has to end once it is told to; what it read until then is kept."""


def back_off(every: float, failures: int) -> float:
    """Seconds until the next pull, after so many failures in a row."""
    if not failures:
        return every
    return max(every, min(LONGEST_BACK_OFF, _FIRST_BACK_OFF * 2.0 ** (failures - 1)))


def pull_command(config: Path, provider: str, *, device_code: bool = False) -> Sequence[str]:
    """The command line of one pull."""
    command = (sys.executable, "-m", "core.cli", "pull", provider, "--config", str(config), "--json")
    return (*command, "--device-code") if device_code else command


class Puller:
    """Pulls one provider on its schedule, and when it is asked to, until it is cancelled.

    Where nobody but a person can sign in there is no schedule: the code to enter stands in the store while it is waited
    for (`core.store.graph_pulls`).
    """

    def __init__(self, config: Path, provider: ProviderSettings) -> None:
        assert provider.graph is not None
        self._config = config
        self._graph = provider.graph
        self.name = provider.name
        self._asked = asyncio.Event()
        self._is_under_way = False
        self.failures = 0
        """How many pulls failed, the last ones in a row."""

    def ask(self) -> bool:
        """Have it pulled now; False where a pull is under way."""
        if self._is_under_way:
            return False
        self._asked.set()
        return True

    async def work(self) -> None:
        """Pull, wait, and pull again."""
        every = None if self._graph.is_by_hand else self._graph.every
        seconds = None if every is None else 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._asked.wait()
            self._asked.clear()
            ok = await self.pull_once()
            self.failures = 0 if ok else self.failures + 1
            seconds = None if every is None else back_off(every, self.failures)

    async def pull_once(self) -> bool:
        """Run one pull in a process of its own, and say whether it came to its end."""
        self._is_under_way = True
        try:
            return await self._process()
        finally:
            self._is_under_way = False

    async def _process(self) -> bool:
        process = await asyncio.create_subprocess_exec(
            *pull_command(self._config, self.name, device_code=self._graph.is_by_hand),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await process.communicate()
        finally:
            if process.returncode is None:
                await _ended(process)
        if process.returncode in _WENT_THROUGH:
            return True
        reason = said.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"exit code {process.returncode}"]
        _log.error("the pull of %s failed: %s", self.name, reason[0])
        return False


async def _ended(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
