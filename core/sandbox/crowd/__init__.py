"""A simulated Crowd Data Center, faithful to its usermanagement REST API, its gaps and traps included.

`Crowd()` gives an instance with one application, `.app` is served with `core.sandbox.serving`, `.effects` and
`.snapshot()` tell what happened. `Crowd.as_jira()` is a Jira that serves the same API. It keeps its state in memory.
"""

from core.sandbox.crowd.applications import ALL_PERMISSIONS, Application, DirectoryMapping, Permission
from core.sandbox.crowd.directories import User
from core.sandbox.crowd.quirks import Quirks
from core.sandbox.crowd.settings import APPLICATION, Settings
from core.sandbox.crowd.simulator import INTERNAL_DIRECTORY, Crowd
from core.sandbox.effects import Effect
from core.sandbox.embedded_crowd import Directory
from core.sandbox.views import AccountView, LocalAccount, Snapshot

__all__ = [
    "ALL_PERMISSIONS",
    "APPLICATION",
    "INTERNAL_DIRECTORY",
    "AccountView",
    "Application",
    "Crowd",
    "Directory",
    "DirectoryMapping",
    "Effect",
    "LocalAccount",
    "Permission",
    "Quirks",
    "Settings",
    "Snapshot",
    "User",
]
