"""The simulated Jira Data Center as demo, sandbox and tests hold it: an application, its content, its records."""

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Self

from core.sandbox.embedded_crowd import Directory
from core.sandbox.jira.app import jira_app
from core.sandbox.jira.projects import Actor, Component, Project
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.settings import Settings
from core.sandbox.jira.state import State
from core.sandbox.jira.views import LocalAccount, LocalComponent, LocalProject, Snapshot
from core.sandbox.simulated import ADMIN, Simulated
from core.sandbox.version import Version
from core.sandbox.views import snapshot_of

INTERNAL_DIRECTORY = Directory(1, "Jira Internal Directory")
DEFAULT_VERSION = "10.3"


class Jira(Simulated[Settings]):
    """One simulated Jira: besides what all simulated products offer, projects and components with their leads."""

    _state: State

    def __init__(
        self,
        version: str = DEFAULT_VERSION,
        *,
        context_path: str = "",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
    ) -> None:
        """An empty instance; `context_path` is empty or like `/jira`."""
        state = State(
            Version.parse(version), context_path.rstrip("/"), quirks or Quirks(), settings or Settings(), directories
        )
        super().__init__(state, jira_app(state))

    @classmethod
    def with_defaults(
        cls,
        accounts: Iterable[LocalAccount] = (),
        *,
        version: str = DEFAULT_VERSION,
        context_path: str = "",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
        admin_password: str = "admin",
    ) -> Self:
        """An instance as set-up leaves it: the account `admin`, the two standard groups, and these accounts."""
        jira = cls(version, context_path=context_path, quirks=quirks, settings=settings, directories=directories)
        groups = ("jira-administrators", "jira-software-users")
        admin = LocalAccount(ADMIN, "Jira Administrator", "admin@example.com", groups=groups)
        jira.add_account(admin, password=admin_password)
        for account in accounts:
            jira.add_account(account)
        return jira

    def order_directories(self, ids: Sequence[int]) -> None:
        """Put the directories into this order; what was found of names in several of them holds no longer."""
        with self._state.lock:
            super().order_directories(ids)
            self._state.duplicates = None

    def keep_busy(self, username: str) -> None:
        """Let a user have reported an issue: he cannot be deleted any more."""
        with self._state.lock:
            self._state.busy.add(self._account(username)[1].user_key)

    def add_project(self, project: LocalProject) -> None:
        """Add a project, or replace the one of that key."""
        with self._state.lock:
            projects = self._state.projects
            known = projects.by_key.get(project.key)
            roles = {name: tuple(map(self._actor, actors)) for name, actors in project.roles.items()}
            projects.put_project(
                Project(
                    known.id if known else projects.new_project_id(),
                    project.key,
                    project.name,
                    self._account(project.lead)[1].user_key,
                    project.assignee_type,
                    project.archived,
                    project.hidden,
                    MappingProxyType(roles),
                )
            )

    def add_component(self, component: LocalComponent) -> str:
        """Add a component and answer its id."""
        with self._state.lock:
            projects = self._state.projects
            lead = self._account(component.lead)[1].user_key if component.lead else None
            ident = projects.new_component_id()
            projects.put_component(Component(ident, component.project, component.name, lead, component.assignee_type))
            return str(ident)

    def snapshot(self) -> Snapshot:
        """Users, groups, direct memberships and leads as they count now."""
        with self._state.lock:
            now = snapshot_of(self._state.crowd)
            return Snapshot(now.accounts, now.groups, now.memberships, tuple(sorted(self._leads())))

    def _leads(self) -> Iterable[tuple[str, str]]:
        projects, components = self._state.projects.by_key, self._state.projects.components
        led = [(each.key, each.lead) for each in projects.values()]
        led += [(f"{each.project}/{each.name}", each.lead) for each in components.values()]
        return ((what, account.username) for what, key in led if (account := self._state.account_with_key(key)))

    def _actor(self, text: str) -> Actor:
        kind, _, name = text.partition(":")
        return Actor("group", name) if kind == "group" and name else Actor("user", self._account(text)[1].user_key)
