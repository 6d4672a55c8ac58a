"""An identity store, a target in memory and a configuration file, on which conflicts arise and commands answer them.

What the target can do is what its product can at best, as commands take it to be.
"""

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from core.apply import undoing
from core.apply.ending import Ended
from core.apply.offline import offline_setting
from core.apply.resolving import Choice, resolve, take_back
from core.apply.site import Site
from core.apply.stopping import Stop
from core.config import Settings, load_settings, locate
from core.planning.changes import Change
from core.planning.values import Account, Capabilities, Lead, TargetGroup
from core.store import Store, changes, conflicts, links, pending, runs
from core.targets.protocol import TargetError
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import approved, compared, pushed, run_of

_CONFIG = """\
[store]
url = "sqlite:///manciple.db"
[listener]
bind = "127.0.0.1:0"
public_url = "https://scim.example.com"
[[provider]]
name = "entra"
kind = "entra"
[[target]]
name = "wiki"
kind = "{kind}"
url = "{url}"
provider = "entra"
credential = "env:WIKI_TOKEN"
{login}{rules}
"""
_READS = frozenset({"capabilities", "find-account", "find-account-by-id"})
_CLOUD = "https://api.atlassian.com/scim/directory/7f2d"


@dataclass(frozen=True)
class Happened:
    """What a scene has come to: enough to go on from it elsewhere."""

    database: Path
    accounts: dict[str, Account]
    groups: dict[str, TargetGroup]
    leads: dict[str, Lead]
    people: dict[str, str]
    formed: dict[str, str]
    refusals: dict[str, TargetError]


class Scene:
    """One target of a product with some rules, in a directory of its own."""

    def __init__(self, place: Path, kind: str, rules: str, able: Capabilities | None = None) -> None:
        self.place = place
        self.config = place / "config.toml"
        self._kind = kind
        self.write_rules(rules)
        self.store = Store.open(f"sqlite:///{place / 'manciple.db'}")
        self.company = Company(self.store)
        settings = self.settings
        best = offline_setting(settings, settings.targets[0]).capabilities
        self.instant = Instant(capabilities=replace(able, names=best.names) if able else best)
        self.people: dict[str, str] = {}
        """Id of a user → the name under which they came."""
        self.groups: dict[str, str] = {}
        """The same of IdP groups."""
        self.refusals: dict[str, TargetError] = {}
        """Name of an account → what the target says to all that is to be done about it."""

    @property
    def settings(self) -> Settings:
        """What the configuration says now."""
        return load_settings(locate(self.config))

    @property
    def site(self) -> Site:
        """The target by the configuration as it is now."""
        return Site(self.store, self.settings.targets[0], self.instant)

    def write_rules(self, rules: str) -> None:
        """Configure the target otherwise."""
        url = _CLOUD if self._kind == "cloud" else "https://wiki.example.com"
        login = 'username = "manciple"\n' if self._kind == "crowd" else ""
        self.config.write_text(_CONFIG.format(kind=self._kind, url=url, login=login, rules=rules))

    def hire(self, name: str, **more: object) -> str:
        """A new user; returns the id."""
        ident = self.company.hire(name, **more)  # type: ignore[arg-type]
        self.people[ident] = name
        return ident

    def form(self, name: str, *members: str) -> str:
        """A new IdP group; returns the id."""
        ident = self.company.form(name, members)
        self.groups[ident] = name
        return ident

    def local(self, name: str, **more: object) -> None:
        """An account that the product's own people made."""
        usual = Account(f"a-{name}", name, name.lower(), name.title(), f"{name}@local.example", True, frozenset())
        account = replace(usual, **more)  # type: ignore[arg-type]
        self.instant.accounts[account.id] = account

    def local_group(self, name: str) -> None:
        """A group that the product's own people made."""
        self.instant.groups[name.lower()] = TargetGroup(name, name.lower())

    async def compare(self) -> Ended:
        """One run over everything."""
        return await compared(self.site)

    async def push(self) -> Ended:
        """One run over all that is due, retries too."""
        self.store.writer.write_now(lambda tx: tx.execute(pending._PENDING.update().values(due_at=0)))
        return await pushed(self.site)

    async def undo(self, since: int) -> None:
        """Put back what the runs after this one did, the latest first."""
        for run in reversed(self._runs(since)):
            if self._done_in(run):
                ended = await undoing.undo(self.site, run_of(self.store, run), "ada@console", Stop())
                await approved(self.site, ended.run)

    def last_run(self) -> int:
        """The number of the latest run."""
        return max(self._runs(0))

    def done(self, since: int) -> list[Change]:
        """What runs after this one did."""
        return [change for run in self._runs(since) for change in self._done_in(run)]

    def state(self, number: int) -> str:
        """Of a conflict."""
        with self.store.read() as connection:
            opened = conflicts.opened(connection, number)
        assert opened is not None
        return opened[0].state

    def open_kinds(self) -> list[str]:
        """Kinds of the conflicts that wait."""
        with self.store.read() as connection:
            return [row.kind for row in conflicts.open_conflicts(connection, TARGET)]

    def number(self, kind: str, about: str | None) -> int:
        """Of the conflict of this kind that waits, about the user or IdP group that came under this name."""
        idents = {name: f"user:{ident}" for ident, name in self.people.items()}
        idents |= {name: f"group:{ident}" for ident, name in self.groups.items()}
        wanted = None if about is None else idents[about]
        with self.store.read() as connection:
            found = [row for row in conflicts.open_conflicts(connection, TARGET) if row.kind == kind]
        return next(row.id for row in found if wanted in (None, row.subject))

    def there(self) -> list[str]:
        """What is at the target, and whose it is, line by line."""
        with self.store.read() as connection:
            linked = {link.account_id: self.people[link.user_id] for link in links.all_links(connection, TARGET)}
        accounts = (_told(account, linked.get(account.id)) for account in self.instant.accounts.values())
        groups = (f"group {group.key}" for group in self.instant.groups.values())
        leads = (f"{lead.kind} {lead.name} of {lead.account_key}" for lead in self.instant.leads.values())
        return sorted([*accounts, *groups, *leads])

    def refuse(self, **refusals: TargetError) -> None:
        """From now on, refuse all that is to be done about these accounts, and only that."""
        self.refusals = refusals
        self.instant.failing = lambda call, name: None if call in _READS else refusals.get(name)

    def answer(self, number: int, key: str, value: str | None = None) -> None:
        """Answer a conflict, without a command."""
        names = self.instant.able.names
        self.store.writer.write_now(lambda tx: resolve(tx, number, Choice(key, value), "bob@console", names))

    def take_back(self, number: int) -> None:
        """Take the answer back: it is open again, and its subject is due."""
        self.store.writer.write_now(lambda tx: take_back(tx, number, "bob@console"))

    def ended(self) -> Happened:
        """What it has come to; the scene is over."""
        self.store.close()
        database = self.place / "manciple.db"
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = self.instant
        return Happened(database, found.accounts, found.groups, found.leads, self.people, self.groups, self.refusals)

    def go_on_from(self, happened: Happened) -> None:
        """Take up what the target was, and who came."""
        self.instant.accounts = dict(happened.accounts)
        self.instant.groups = dict(happened.groups)
        self.instant.leads = dict(happened.leads)
        self.people, self.groups = dict(happened.people), dict(happened.formed)
        self.refuse(**happened.refusals)

    def _runs(self, since: int) -> list[int]:
        with self.store.read() as connection:
            return sorted(run.id for run in runs.newest(connection, 1000) if run.id > since)

    def _done_in(self, run: int) -> list[Change]:
        with self.store.read() as connection:
            return [stored.change for stored in changes.of_run(connection, run) if stored.state == "done"]


def _told(account: Account, whose: str | None) -> str:
    """`ada <ada@x> "Ada" of ada: crew`."""
    active = "" if account.active else " (inactive)"
    groups = ", ".join(sorted(account.groups or ()))
    owned = f" of {whose}" if whose else ""
    return f'{account.name}{active} <{account.email}> "{account.display_name}"{owned}{": " if groups else ""}{groups}'
