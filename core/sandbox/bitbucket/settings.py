"""What an administrator can change while the simulated Bitbucket runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The part of Bitbucket's configuration that provisioning meets. Group names are compared without case."""

    seats: int | None = None
    """Of the licence; None is unlimited."""
    licensed: bool = True
    """A licence is set."""
    default_group: str | None = "stash-users"
    """The group that a new user joins, where the request wants it; None is none."""
    basic: bool | None = None
    """User name and password are accepted; None takes the version's default: on before 10.4."""
    captcha_after: int | None = 5
    """Failed logins in a row after which a user must solve a CAPTCHA; None is never."""
    base_url: str | None = None
    """The configured base URL, which all links carry; None takes what the client called."""
