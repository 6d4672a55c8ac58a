"""Which addresses may send requests."""

from ipaddress import ip_network

import pytest

from core.config.settings import ANYWHERE
from core.scim.addresses import REMEMBERED, Addresses

OFFICE = ip_network("192.0.2.0/24")


def test_an_address_in_no_allowed_network_is_refused_with_the_setting_to_change() -> None:
    addresses = Addresses([OFFICE], {"entra": ANYWHERE})
    assert addresses.refusal("192.0.2.7") is None
    assert addresses.refusal("203.0.113.5") == (
        "the address 203.0.113.5 may not send requests: add it to listener.allow"
    )
    assert addresses.refusal("203.0.113.5", "entra") == addresses.refusal("203.0.113.5")


def test_a_providers_networks_count_for_it_alone() -> None:
    addresses = Addresses(ANYWHERE, {"entra": [OFFICE], "okta": ANYWHERE})
    assert addresses.refusal("192.0.2.7", "entra") is None
    assert addresses.refusal("203.0.113.5", "okta") is None
    assert addresses.refusal("203.0.113.5", "entra") == (
        "the address 203.0.113.5 may not send requests for this provider: add it to the provider's allow"
    )


def test_a_providers_networks_let_in_nobody_whom_the_listener_refuses() -> None:
    assert Addresses([OFFICE], {"entra": ANYWHERE}).refusal("203.0.113.5", "entra") is not None


def test_an_empty_list_lets_in_nobody() -> None:
    assert Addresses(ANYWHERE, {"entra": []}).refusal("192.0.2.7", "entra") is not None


def test_an_ipv4_client_of_an_ipv6_socket_is_an_ipv4_client() -> None:
    assert Addresses([OFFICE], {}).refusal("::ffff:192.0.2.7") is None


@pytest.mark.parametrize("client", ["", "unix:", "localhost"])
def test_what_is_no_address_is_refused(client: str) -> None:
    refusal = Addresses(ANYWHERE, {}).refusal(client)
    assert refusal is not None
    assert "is no IP address" in refusal


def test_a_verdict_is_the_same_the_second_time_and_after_thousands_of_others() -> None:
    addresses = Addresses([OFFICE], {"entra": [OFFICE]})
    for _ in range(2):
        assert addresses.refusal("192.0.2.7", "entra") is None
        assert addresses.refusal("203.0.113.5", "entra") is not None
        for number in range(REMEMBERED + 1):
            addresses.refusal(f"10.0.{number // 256}.{number % 256}", "entra")
