"""What an admin does in an IdP's own console so that it provisions here: the steps, in that console's words.

The steps are data (`core.config.setup_guides`), one guide for each kind of provider, so that console and commands say
the same. What a guide says of an IdP's first requests is what a page that waits for them looks for.
"""

from dataclasses import dataclass

from core.config.settings import ListenerSettings

_BASE_URL, _TOKEN_ENDPOINT, _NAME = "{base_url}", "{token_endpoint}", "{name}"


@dataclass(frozen=True, slots=True)
class SetupGuide:
    """One kind of IdP. Names of menus, buttons and fields stand in double quotes, as its console spells them."""

    product: str
    """What people call it."""
    console: str
    """Where the steps are taken."""
    steps: tuple[str, ...]
    """One thing to do each, up to and with the test of the connection."""
    test: str
    """How the test is made, in the console's words; where there is none, what makes it send its first request."""
    asks: str
    """What it sends for that test."""
    afterwards: tuple[str, ...]
    """What to do once the test succeeded: whom to provision, and how to try one."""
    notes: tuple[str, ...] = ()
    """What surprises admins."""
    pushes_groups: bool = True
    """Whether it provisions groups at all."""

    def filled(self, text: str, listener: ListenerSettings, provider: str) -> str:
        """A text of the guide with the URLs and the name of a provider in it."""
        return (
            text.replace(_BASE_URL, listener.scim_base_url(provider))
            .replace(_TOKEN_ENDPOINT, listener.token_endpoint(provider))
            .replace(_NAME, provider)
        )
