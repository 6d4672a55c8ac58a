"""A simulated Jira Data Center, faithful to its REST interface, its caps, gaps and traps included.

`Jira.with_defaults()` gives an instance, `.app` is served with `core.sandbox.serving`, `.effects` and `.snapshot()`
tell what happened. It keeps its state in memory and simulates no issues, only users, groups, application access, and
projects and components with those who lead them.
"""

from core.sandbox.effects import Effect
from core.sandbox.embedded_crowd import Directory
from core.sandbox.jira.application_roles import ApplicationRole
from core.sandbox.jira.projects import Actor
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.settings import Settings
from core.sandbox.jira.simulator import INTERNAL_DIRECTORY, Jira
from core.sandbox.jira.views import LocalAccount, LocalComponent, LocalProject, Snapshot
from core.sandbox.simulated import ADMIN
from core.sandbox.views import AccountView

__all__ = [
    "ADMIN",
    "INTERNAL_DIRECTORY",
    "AccountView",
    "Actor",
    "ApplicationRole",
    "Directory",
    "Effect",
    "Jira",
    "LocalAccount",
    "LocalComponent",
    "LocalProject",
    "Quirks",
    "Settings",
    "Snapshot",
]
