"""Slowing down who fails to authenticate: the answer to a failed attempt waits, the longer the more there were.

Only refusals wait, never a request with a good credential: an IdP that shares its address with whoever guesses, as
behind one proxy, is not locked out. Nobody guesses 32 random bytes; this keeps noise out of the log.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_network
from time import monotonic

from core.scim.addresses import address_of

UNSLOWED = 5
"""Failed attempts of an address that are answered at once: an admin mistypes, a token was just replaced."""
FIRST_SECONDS, LONGEST_SECONDS = 0.25, 5.0
"""The wait of the next attempt, doubled with each that follows, up to the longest."""
FORGOTTEN_SECONDS = 600.0
"""After so long without a failure an address begins anew."""
REMEMBERED = 4096
"""Addresses that failed; the one whose last failure is the longest ago is forgotten first."""
WAITING_AT_MOST = 64
"""Refusals that wait at the same time; others go out at once, lest whoever floods us holds connections as well."""


class Slowing:
    """The failed attempts of each address."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._waiting = 0

    async def failed(self, client: str) -> None:
        """Note a failed attempt from the address `client`, and wait as long as it has earned."""
        seconds = self._earned(_neighbourhood(client))
        if seconds == 0 or self._waiting >= WAITING_AT_MOST:
            return
        self._waiting += 1
        try:
            await self._sleep(seconds)
        finally:
            self._waiting -= 1

    def _earned(self, address: str) -> float:
        now = self._clock()
        number, last = self._failures.pop(address, (0, now))
        number = 1 if now - last > FORGOTTEN_SECONDS else number + 1
        self._failures[address] = number, now
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)
        doublings = number - UNSLOWED - 1
        return min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(doublings, 16)) if doublings >= 0 else 0


def _neighbourhood(client: str) -> str:
    """The address; of IPv6 its network of 64 bits, which is one customer's."""
    address = address_of(client)
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)
