"""Which addresses may send requests: any at all (`listener.allow`), and for one provider (`provider.allow`)."""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from core.config.settings import IpNetwork

REMEMBERED = 4096
"""Verdicts kept, so that the networks are not gone through for each request."""


class Addresses:
    """The allow lists, and the verdicts on addresses seen lately."""

    def __init__(self, allow: Iterable[IpNetwork], of_providers: Mapping[str, Sequence[IpNetwork]]) -> None:
        self._allow = tuple(allow)
        self._of_providers = {provider: tuple(networks) for provider, networks in of_providers.items()}
        self._verdicts: dict[tuple[str, str | None], str | None] = {}

    def refusal(self, client: str, provider: str | None = None) -> str | None:
        """Why the client's address may send nothing, or nothing for `provider`, with the remedy; None where it may."""
        key = client, provider
        try:
            return self._verdicts[key]
        except KeyError:
            pass
        if len(self._verdicts) >= REMEMBERED:
            self._verdicts.clear()
        self._verdicts[key] = verdict = self._judged(client, provider)
        return verdict

    def _judged(self, client: str, provider: str | None) -> str | None:
        address = address_of(client)
        if address is None:
            return f"the address {client!r} is no IP address, and so not in listener.allow"
        if not any(address in network for network in self._allow):
            return f"the address {address} may not send requests: add it to listener.allow"
        if provider is not None and not any(address in network for network in self._of_providers[provider]):
            return f"the address {address} may not send requests for this provider: add it to the provider's allow"
        return None


def address_of(client: str) -> IPv4Address | IPv6Address | None:
    """The client's address; None where it is none. One of IPv4 is of IPv4, though an IPv6 socket shows it otherwise."""
    try:
        address = ip_address(client)
    except ValueError:
        return None
    # A socket of both families shows an IPv4 client as ::ffff:192.0.2.1.
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
