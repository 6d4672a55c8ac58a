"""What can happen between two looks of the engine, one thing at a time, and what must come out of it all."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from core.sandbox.confluence import Confluence
from core.sandbox.faults import NO_FAULTS, Faults, FaultyApp
from core.store import Store, group_links, links
from tests.core.apply.company import TARGET, Company

TEAMS = tuple(f"Team {number}" for number in range(8))
STORM = Faults(
    rate_limited_silently=8, server_error=8, unavailable=8, dropped_connection=8, dropped_after_commit=12, latency=0
)


@dataclass
class Person:
    """A user, and what its account is called."""

    id: str
    account: str
    display_name: str
    email: str
    active: bool = True
    deleted: bool = False


@dataclass
class Expectation:
    """What the identity provider says, and what was done by hand that stays."""

    people: list[Person] = field(default_factory=list)
    teams: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    """Id of a group → its name and the accounts' users in it."""
    called: dict[str, set[str]] = field(default_factory=dict)
    """Id of a group → all names that it had: it feeds the target group of one of them, which nobody renames."""
    deleted_by_hand: Counter[str] = field(default_factory=Counter)

    def check(self, confluence: Confluence, store: Store) -> None:
        snapshot, fed = confluence.snapshot(), self.fed(store)
        accounts = {account.username: account for account in snapshot.accounts}
        for person in self.people:
            if person.active and not person.deleted:
                account = accounts[person.account]
                assert (account.full_name, account.email) == (person.display_name, person.email)
                assert account.active
                assert self.joined(snapshot.memberships, person) == self.wanted(person, fed)
            elif person.account in accounts:
                assert not accounts[person.account].active
                assert not person.deleted or self.joined(snapshot.memberships, person) == set()
        assert set(fed.values()) <= {group.lower() for group in snapshot.groups}

    def fed(self, store: Store) -> dict[str, str]:
        """Id of a group → the target group that it feeds, in lower case."""
        with store.read() as connection:
            fed = {link.group_id: link.group_key for link in group_links.of_groups(connection, TARGET, self.teams)}
        assert fed.keys() == self.teams.keys()
        assert all(key in {name.lower() for name in self.called[ident]} for ident, key in fed.items())
        return fed

    def wanted(self, person: Person, fed: dict[str, str]) -> set[str]:
        return {fed[ident] for ident, (_, members) in self.teams.items() if person.id in members}

    @staticmethod
    def joined(memberships: frozenset[tuple[str, str]], person: Person) -> set[str]:
        return {group.lower() for group, user in memberships if user == person.account and group.startswith("Team")}

    def check_effects(self, confluence: Confluence) -> None:
        made = Counter((effect.kind, effect.subject.lower()) for effect in confluence.effects)
        assert {subject for (kind, subject), times in made.items() if kind == "create-account" and times > 1} == set()
        for (kind, subject), times in made.items():
            if kind == "create-group":
                assert times <= 1 + self.deleted_by_hand[subject]


class World:
    """Everything that can happen, one thing at a time, as the dice say."""

    def __init__(self, store: Store, company: Company, confluence: Confluence, front: FaultyApp, dice: Random) -> None:
        self.store = store
        self.company = company
        self.confluence = confluence
        self.front = front
        self.dice = dice
        self.expected = Expectation()
        self._happenings: list[Callable[[], None]] = [
            *([self.hire] * 4 + [self.join] * 6 + [self.form] * 3 + [self.leave] * 2),
            *(self.rewrite, self.dismiss, self.welcome_back, self.delete_user, self.rename_team, self.delete_team),
            *(self.change_by_hand, self.rename_by_hand, self.remove_member_by_hand, self.delete_team_by_hand),
            *(self.create_team_by_hand, self.storm, self.calm),
        ]

    def happen(self) -> None:
        self.dice.choice(self._happenings)()

    # At the identity provider

    def hire(self) -> None:
        name = f"user{len(self.expected.people)}"
        person = Person("", name, name.title(), f"{name}@contoso.example", self.dice.random() < 0.9)
        person.id = self.company.hire(name, active=person.active)
        self.expected.people.append(person)

    def rewrite(self) -> None:
        if person := self._someone():
            person.display_name, person.email = f"Name {self.dice.random()}", f"{self.dice.random()}@contoso.example"
            emails = [{"type": "work", "value": person.email}]
            self.company.change(person.id, displayName=person.display_name, emails=emails)

    def dismiss(self) -> None:
        if person := self._someone():
            person.active = False
            self.company.dismiss(person.id)

    def welcome_back(self) -> None:
        if person := self._someone():
            person.active = True
            self.company.change(person.id, active=True)

    def delete_user(self) -> None:
        # An identity provider that has nobody left was not read: nothing is taken from anybody then.
        left = sum(not person.deleted for person in self.expected.people)
        if left > 1 and (person := self._someone()):
            person.deleted = True
            self.company.delete("User", person.id)
            for _, members in self.expected.teams.values():
                members.discard(person.id)

    def form(self) -> None:
        if free := self._free_names():
            name = self.dice.choice(free)
            team = self.company.form(name)
            self.expected.teams[team], self.expected.called[team] = (name, set()), {name}

    def rename_team(self) -> None:
        if (team := self._some_team()) and (free := self._free_names()):
            name = self.dice.choice(free)
            self.company.rename_group(team, name)
            self.expected.teams[team] = (name, self.expected.teams[team][1])
            self.expected.called[team].add(name)

    def delete_team(self) -> None:
        if team := self._some_team():
            self.company.delete("Group", team)
            del self.expected.teams[team], self.expected.called[team]

    def join(self) -> None:
        if (team := self._some_team()) and (person := self._someone()):
            self.company.join(team, person.id)
            self.expected.teams[team][1].add(person.id)

    def leave(self) -> None:
        if (team := self._some_team()) and (members := sorted(self.expected.teams[team][1])):
            user = self.dice.choice(members)
            self.company.leave(team, user)
            self.expected.teams[team][1].discard(user)

    # At the target, by hand

    def change_by_hand(self) -> None:
        if person := self._with_account():
            self.confluence.change_account(person.account, full_name="Somebody")

    def rename_by_hand(self) -> None:
        person = self._with_account()
        if person and not person.account.startswith("renamed"):
            self.confluence.rename_account(person.account, f"renamed-{person.account}")
            person.account = f"renamed-{person.account}"

    def remove_member_by_hand(self) -> None:
        made = sorted(each for each in self.confluence.snapshot().memberships if each[0].startswith("Team"))
        if made:
            group, user = self.dice.choice(made)
            self._crowd.leave(self._crowd.contents[0], user, group)

    def delete_team_by_hand(self) -> None:
        name = self.dice.choice(TEAMS)
        if self._crowd.group(name) is not None:
            self._crowd.remove_group(self._crowd.contents[0], name)
            self.expected.deleted_by_hand[name.lower()] += 1

    def create_team_by_hand(self) -> None:
        self.confluence.add_group(self.dice.choice(TEAMS))

    # In between

    def storm(self) -> None:
        self.front.faults = STORM

    def calm(self) -> None:
        self.front.faults = NO_FAULTS

    @property
    def _crowd(self):  # type: ignore[no-untyped-def]
        return self.confluence._state.crowd  # what no method of the simulator does: people in the web interface

    def _someone(self) -> Person | None:
        there = [person for person in self.expected.people if not person.deleted]
        return self.dice.choice(there) if there else None

    def _with_account(self) -> Person | None:
        # An account renamed before anybody knows whose it is cannot be told from a stranger's.
        with self.store.read() as connection:
            linked = {link.user_id for link in links.all_links(connection, TARGET)}
        there = [person for person in self.expected.people if person.id in linked]
        return self.dice.choice(there) if there else None

    def _some_team(self) -> str | None:
        return self.dice.choice(sorted(self.expected.teams)) if self.expected.teams else None

    def _free_names(self) -> list[str]:
        taken = set().union(*self.expected.called.values())
        return [name for name in TEAMS if name not in taken]
