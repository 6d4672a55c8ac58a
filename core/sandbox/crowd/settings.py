"""What an administrator can change while the simulated Crowd runs."""

from dataclasses import dataclass

from core.sandbox.crowd.applications import Application

APPLICATION = Application("manciple", "secret")
"""The application that set-up makes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The part of Crowd's configuration that provisioning meets."""

    applications: tuple[Application, ...] = (APPLICATION,)
    base_url: str | None = None
    """The configured base URL, which all links carry; None takes what the client called."""
    nested_groups: bool = True
    """The directories support groups inside groups."""
