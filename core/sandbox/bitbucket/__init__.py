"""A simulated Bitbucket Data Center, faithful to its REST interface, its gaps and traps included.

`Bitbucket.with_defaults()` gives an instance, `.app` is served with `core.sandbox.serving`, `.effects` and
`.snapshot()` tell what happened. It keeps its state in memory and simulates no repositories, only users, groups and
global permissions: everybody who has one takes a seat, and nobody else may log in.
"""

from core.sandbox.bitbucket.permissions import Permission
from core.sandbox.bitbucket.quirks import Quirks
from core.sandbox.bitbucket.settings import Settings
from core.sandbox.bitbucket.simulator import INTERNAL_DIRECTORY, Bitbucket
from core.sandbox.bitbucket.views import LocalAccount, Snapshot
from core.sandbox.effects import Effect
from core.sandbox.embedded_crowd import Directory
from core.sandbox.simulated import ADMIN
from core.sandbox.views import AccountView

__all__ = [
    "ADMIN",
    "INTERNAL_DIRECTORY",
    "AccountView",
    "Bitbucket",
    "Directory",
    "Effect",
    "LocalAccount",
    "Permission",
    "Quirks",
    "Settings",
    "Snapshot",
]
