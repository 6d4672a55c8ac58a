"""What a target must show after changes were made, and where it shows something else.

Of several changes of one thing only the last counts. Accounts are known by their ids and groups through their renames,
since changes of one run name them as they were called before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.apply.calls import attributes_in
from core.apply.observing import Observation
from core.planning.changes import Change, ChangeKind
from core.planning.names import account_key, group_key
from core.planning.values import Account
from core.store.changes import Stored

Value = str | bool
NOT_AT_TARGET = (ChangeKind.LINK_ACCOUNT, ChangeKind.UNLINK_ACCOUNT, ChangeKind.LINK_GROUP, ChangeKind.UNLINK_GROUP)
"""Kinds of change that a target does not show."""
_CALLED: Mapping[str, str] = {"name": "account name", "display_name": "display name", "email": "e-mail address"}
_OF_LEADS = "lead"


@dataclass(slots=True)
class Expectation:
    """What is to be there, from changes that were noted in the order in which they were made."""

    accounts: dict[str, dict[str, tuple[Value, Stored]]] = field(default_factory=dict)
    """Id of an account → its values, and the change behind each; `exists` is one of them."""
    members: dict[tuple[str, int], tuple[bool, Stored]] = field(default_factory=dict)
    """Id of an account and place of a group in `group_names` → whether the one is in the other."""
    groups: dict[int, tuple[bool, Stored]] = field(default_factory=dict)
    """Place of a group in `group_names` → whether it is there."""
    leads: dict[str, tuple[str, Stored]] = field(default_factory=dict)
    """`Lead.key` → key of the account that leads it."""
    group_names: list[str] = field(default_factory=list)
    """Of every group, as it is called in the end."""
    names: dict[str, str] = field(default_factory=dict)
    """Id of an account → its name in the first change of it."""
    _places: dict[str, int] = field(default_factory=dict)
    _renamed: dict[str, str] = field(default_factory=dict)

    def note(self, stored: Stored, account_id: str | None) -> None:
        """Note a change that was made; `account_id` is that of its account, where it is known by now."""
        change = stored.change
        if account_id is not None:
            self.names.setdefault(account_id, change.account or "")
        if change.lead is not None:
            self.leads[change.lead] = account_key(str(change.after[_OF_LEADS])), stored
        elif change.account is None:
            self._note_group(stored)
        elif account_id is not None and change.group is not None:
            member = change.kind == ChangeKind.ADD_MEMBER
            self.members[account_id, self._place(change.group)] = member, stored
        elif account_id is not None:
            self._note_account(stored, account_id)

    def differences(self, seen: Observation, leads: Mapping[str, str]) -> list[tuple[Stored, str]]:
        """Each change that does not stand, with a sentence about what there is instead; `leads` are keys of accounts by
        `Lead.key`. What a target does not show is not held against it."""
        accounts = {account.id: account for account in seen.accounts}
        found: dict[int, tuple[Stored, str]] = {}
        for stored, text in (
            *self._of_accounts(accounts),
            *self._of_members(accounts),
            *self._of_groups({group.key for group in seen.groups}),
            *self._of_leads(leads),
        ):
            found.setdefault(stored.id, (stored, text))
        return [found[ident] for ident in sorted(found)]

    def _note_account(self, stored: Stored, account_id: str) -> None:
        change = stored.change
        values = self.accounts.setdefault(account_id, {})
        if change.kind == ChangeKind.DELETE_ACCOUNT:
            self.accounts[account_id] = {"exists": (False, stored)}
            return
        if change.kind == ChangeKind.RENAME_ACCOUNT:
            self._renamed[account_key(change.account or "")] = account_key(str(change.after["name"]))
        values |= {"exists": (True, stored)}
        values |= {name: (value, stored) for name, value in _values(change).items()}

    def _note_group(self, stored: Stored) -> None:
        change, place = stored.change, self._place(stored.change.group or "")
        if change.kind == ChangeKind.RENAME_GROUP:
            self.group_names[place] = str(change.after["name"])
            del self._places[group_key(change.group or "")]
            self._places[group_key(self.group_names[place])] = place
        self.groups[place] = change.kind != ChangeKind.DELETE_GROUP, stored

    def _place(self, group: str) -> int:
        key = group_key(group)
        if key not in self._places:
            self._places[key] = len(self.group_names)
            self.group_names.append(group)
        return self._places[key]

    def _of_accounts(self, accounts: Mapping[str, Account]) -> Iterable[tuple[Stored, str]]:
        for ident, values in self.accounts.items():
            account, (exists, last) = accounts.get(ident), values["exists"]
            if account is None or not exists:
                if (account is not None) != exists:
                    yield last, f"The account {self.names[ident]} is {'not there' if exists else 'still there'}."
                continue
            for name, (value, stored) in values.items():
                if text := _difference(account, name, value):
                    yield stored, text

    def _of_members(self, accounts: Mapping[str, Account]) -> Iterable[tuple[Stored, str]]:
        for (ident, place), (member, stored) in self.members.items():
            account, group = accounts.get(ident), self.group_names[place]
            groups = account.groups if account is not None else frozenset[str]()
            if groups is not None and (group_key(group) in groups) != member:
                yield stored, f"{self.names[ident]} is {'not' if member else 'still'} in the group {group}."

    def _of_groups(self, keys: set[str]) -> Iterable[tuple[Stored, str]]:
        for place, (exists, stored) in self.groups.items():
            if (group_key(self.group_names[place]) in keys) != exists:
                yield stored, f"The group {self.group_names[place]} is {'not there' if exists else 'still there'}."

    def _of_leads(self, leads: Mapping[str, str]) -> Iterable[tuple[Stored, str]]:
        for key, (account, stored) in self.leads.items():
            wanted, found = self._renamed.get(account, account), leads.get(key)
            if found != wanted:
                yield stored, f"{key} is led by {found or 'nobody'}, not by {wanted}."


def _values(change: Change) -> dict[str, Value]:
    """What a change of an account sets, by the names of `Account`'s fields and, for the others, `attributes.<name>`."""
    set_ = {name: change.after.get(name) for name in ("name", "display_name", "email", "active")}
    further = {f"attributes.{name}": value for name, value in attributes_in(change.after).items()}
    return {name: value for name, value in set_.items() if value is not None} | further


def _difference(account: Account, name: str, value: Value) -> str | None:
    """In words, how the account differs in one value; `None`: it does not, or the target does not show it."""
    if name == "exists":
        return None
    if name == "active":
        return None if account.active == value else f"The account {account.name} is {_activity(account)}."
    if name == "name":
        is_so = account.key == account_key(str(value))
        return None if is_so else f"The account is called {account.name}, not {value}."
    further = name.startswith("attributes.")
    called = name.removeprefix("attributes.")
    found = account.attributes.get(called, "") if further else getattr(account, name)
    if found is None or found == value:
        return None
    return f"The {_CALLED.get(called, called.replace('_', ' '))} of {account.name} is {found!r}, not {value!r}."


def _activity(account: Account) -> str:
    return "active" if account.active else "inactive"
