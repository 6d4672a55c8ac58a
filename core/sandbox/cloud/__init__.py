"""A simulated directory of Atlassian Cloud, provisioned by SCIM: somebody else's server, with Atlassian's deviations.

`Cloud.with_defaults()` gives one, `.app` is served with `core.sandbox.serving`, `.effects` and `.snapshot()` tell what
happened. The protocol is carried by the library `scim2-server`. It keeps its state in memory and simulates no product
behind it.
"""

from core.sandbox.cloud.quirks import Quirks
from core.sandbox.cloud.rate_limit import RateLimit, RateLimitedApp
from core.sandbox.cloud.settings import BUILT_IN_GROUPS, DEFAULT_GROUPS, Settings
from core.sandbox.cloud.simulator import DIRECTORY, Cloud, CloudUser
from core.sandbox.effects import Effect
from core.sandbox.views import AccountView, LocalAccount, Snapshot

__all__ = [
    "BUILT_IN_GROUPS",
    "DEFAULT_GROUPS",
    "DIRECTORY",
    "AccountView",
    "Cloud",
    "CloudUser",
    "Effect",
    "LocalAccount",
    "Quirks",
    "RateLimit",
    "RateLimitedApp",
    "Settings",
    "Snapshot",
]
