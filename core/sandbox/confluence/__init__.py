"""A simulated Confluence Data Center, faithful to its REST and JSON-RPC interfaces, their gaps and traps included.

`Confluence.with_defaults()` gives an instance, `.app` is served with `core.sandbox.serving`, `.effects` and
`.snapshot()` tell what happened. It keeps its state in memory and simulates no content, only users and groups.
"""

from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.settings import Settings
from core.sandbox.confluence.simulator import INTERNAL_DIRECTORY, Confluence, LocalAccount
from core.sandbox.effects import Effect
from core.sandbox.embedded_crowd import Directory
from core.sandbox.simulated import ADMIN
from core.sandbox.views import AccountView, Snapshot

__all__ = [
    "ADMIN",
    "INTERNAL_DIRECTORY",
    "AccountView",
    "Confluence",
    "Directory",
    "Effect",
    "LocalAccount",
    "Quirks",
    "Settings",
    "Snapshot",
]
