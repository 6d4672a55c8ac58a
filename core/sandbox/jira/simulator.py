"""The simulated Jira Data Center as demo, sandbox and tests hold it: an application, its content, its records."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Self

from core.sandbox.embedded_crowd import Account, Directory, DirectoryContent, name_key
from core.sandbox.jira.app import jira_app
from core.sandbox.jira.effects import Effect
from core.sandbox.jira.projects import Actor, Component, Project
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.settings import Settings
from core.sandbox.jira.state import State
from core.sandbox.jira.views import AccountView, LocalAccount, LocalComponent, LocalProject, Snapshot
from core.sandbox.version import Version

INTERNAL_DIRECTORY = Directory(1, "Jira Internal Directory")
ADMIN = "admin"
DEFAULT_VERSION = "10.3"


class Jira:
    """One simulated instance. Serve `app`; everything else may be used meanwhile, from any thread.

    What the methods here put in or change is the doing of people in the web interface or at the source of a
    directory, and so leaves no effect.
    """

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
        self._state = State(
            Version.parse(version), context_path.rstrip("/"), quirks or Quirks(), settings or Settings(), directories
        )
        self.app = jira_app(self._state)

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

    @property
    def effects(self) -> list[Effect]:
        """Every effective mutation that came over HTTP, oldest first."""
        with self._state.lock:
            return list(self._state.effects)

    @property
    def requests(self) -> Counter[tuple[str, str]]:
        """How many requests each (method, route) got, such as `("PUT", "/rest/api/2/user")`."""
        with self._state.lock:
            return Counter(self._state.requests)

    @property
    def context_path(self) -> str:
        """What comes between host and `/rest`: empty, or like `/jira`."""
        return self._state.context

    @property
    def settings(self) -> Settings:
        """The configuration; assign another to change it while it runs."""
        return self._state.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        with self._state.lock:
            self._state.settings = settings
            self._state.reassess_seats(self._state.crowd.accounts())

    def add_account(self, account: LocalAccount, *, directory: int | None = None, password: str | None = None) -> str:
        """Add a user with his groups to a directory (the first if not told) and answer his key."""
        with self._state.lock:
            crowd, content = self._state.crowd, self._content(directory)
            key = crowd.user_keys.of(account.username)
            stored = Account(key, account.username, account.full_name, account.email, account.active)
            crowd.put_account(content, stored)
            for group in account.groups:
                crowd.join(content, account.username, group)
            if password is not None:
                self._state.passwords[key] = password
            return key

    def change_account(
        self, username: str, *, full_name: str | None = None, email: str | None = None, active: bool | None = None
    ) -> None:
        """Change a user behind manciple's back.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            content, account = self._account(username)
            changed = replace(
                account,
                full_name=full_name or account.full_name,
                email=email or account.email,
                active=account.active if active is None else active,
            )
            self._state.crowd.put_account(content, changed)

    def rename_account(self, username: str, new_username: str) -> None:
        """Rename a user; his key stays.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._state.crowd.rename(self._account(username)[0], username, new_username)

    def remove_account(self, username: str) -> None:
        """Remove a user at once, whatever he leads.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._state.crowd.remove_account(self._account(username)[0], username)

    def keep_busy(self, username: str) -> None:
        """Let a user have reported an issue: he cannot be deleted any more."""
        with self._state.lock:
            self._state.busy.add(self._account(username)[1].user_key)

    def add_group(self, name: str, *, directory: int | None = None, inside: str | None = None) -> None:
        """Add a group to a directory, nested in the group `inside` if that is given."""
        with self._state.lock:
            content = self._content(directory)
            self._state.crowd.put_group(content, name)
            if inside is not None:
                content.nested[name_key(inside)].add(name_key(name))
                self._state.reassess_seats(self._state.crowd.accounts())

    def add_member(self, group: str, username: str) -> None:
        """Make a user a member of a group, which is made where it is missing.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._state.crowd.join(self._account(username)[0], username, group)

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

    def order_directories(self, ids: Sequence[int]) -> None:
        """Put the directories into this order."""
        with self._state.lock:
            self._state.crowd.order_directories(ids)

    def issue_token(self, username: str = ADMIN) -> str:
        """A personal access token of that user.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            key = self._account(username)[1].user_key
            token = f"pat-{len(self._state.tokens) + 1:04d}-{key}"
            self._state.tokens[token] = key
            return token

    def revoke_token(self, token: str) -> None:
        """End a personal access token."""
        with self._state.lock:
            del self._state.tokens[token]

    def snapshot(self) -> Snapshot:
        """Users, groups, direct memberships and leads as they count now."""
        with self._state.lock:
            crowd = self._state.crowd
            accounts = [account for key in crowd.accounts() if (account := crowd.account(key))]
            groups = {key: crowd.group(key) or key for key in crowd.groups()}
            return Snapshot(
                tuple(AccountView(each.username, each.full_name, each.email, each.active) for each in accounts),
                tuple(groups.values()),
                frozenset((groups[key], each.username) for each in accounts for key in crowd.groups_of(each.username)),
                tuple(sorted(self._leads())),
            )

    def _leads(self) -> Iterable[tuple[str, str]]:
        projects, components = self._state.projects.by_key, self._state.projects.components
        led = [(each.key, each.lead) for each in projects.values()]
        led += [(f"{each.project}/{each.name}", each.lead) for each in components.values()]
        return ((what, account.username) for what, key in led if (account := self._state.account_with_key(key)))

    def _actor(self, text: str) -> Actor:
        kind, _, name = text.partition(":")
        return Actor("group", name) if kind == "group" and name else Actor("user", self._account(text)[1].user_key)

    def _content(self, directory: int | None) -> DirectoryContent:
        contents = self._state.crowd.contents
        return next(each for each in contents if directory in (None, each.directory.id))

    def _account(self, username: str) -> tuple[DirectoryContent, Account]:
        content = self._state.crowd.home(username)
        if content is None:
            raise KeyError(f"there is no user {username}")
        return content, content.accounts[name_key(username)]
