"""What an administrator can change while the simulated Confluence runs."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Settings:
    """The part of Confluence's configuration that provisioning meets. Group names are compared without case."""

    seats: int | None = None
    """Licensed users allowed; None is unlimited."""
    access_mode: Literal["READ_WRITE", "READ_ONLY"] = "READ_WRITE"
    anonymous_access: bool = True
    remote_api: bool = False
    """Remote API (XML-RPC & SOAP): the switch for JSON-RPC."""
    base_url: str | None = None
    """The configured base URL, which all links carry; None takes what the client called."""
    default_group: str = "confluence-users"
    """Every user created joins it."""
    use_groups: frozenset[str] = frozenset({"confluence-users", "confluence-administrators"})
    """Groups with the global permission "can use": an active member takes a seat."""
    administrator_groups: frozenset[str] = frozenset()
    """Groups with the global permission "Confluence Administrator"."""
    system_administrator_groups: frozenset[str] = frozenset({"confluence-administrators"})
    """Groups with the global permission "System Administrator", which includes the others."""
