"""A target in memory that answers at once: for what the executor and the planner do, without a product's habits."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from core.planning.names import account_key, group_key
from core.planning.values import Account, Capabilities, Lead, TargetGroup
from core.targets.confluence.names import NAME_RULES
from core.targets.protocol import AlreadyExists, Finding, NewAccount, NotFound, TargetError


class Instant:
    """Accounts and groups in dictionaries. `failing` may raise before a call takes effect, `losing` after it.

    Both get the call's name and the name it is about.
    """

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        groups: Iterable[TargetGroup] = (),
        capabilities: Capabilities | None = None,
    ) -> None:
        self.name = "wiki"
        self.accounts = {account.id: account for account in accounts}
        self.groups = {group.key: group for group in groups}
        self.leads: dict[str, Lead] = {}
        """By their keys."""
        self.able = capabilities or Capabilities(names=NAME_RULES)
        self.calls: list[tuple[str, ...]] = []
        """What was asked for, reads too."""
        self.effects: list[tuple[str, ...]] = []
        """What that changed."""
        self.failing: Callable[[str, str], TargetError | None] = lambda call, name: None
        self.losing: Callable[[str, str], TargetError | None] = lambda call, name: None
        self.before_call: Callable[[str, str], object] = lambda call, name: None

    async def capabilities(self) -> Capabilities:
        self._enter("capabilities", "")
        return self.able

    async def check(self) -> Sequence[Finding]:
        return ()

    def account_key(self, name: str) -> str:
        return account_key(name)

    def group_key(self, name: str) -> str:
        return group_key(name)

    async def list_accounts(self) -> AsyncIterator[Account]:
        self._enter("list-accounts", "")
        for account in list(self.accounts.values()):
            yield replace(account, groups=None)

    async def list_groups(self) -> AsyncIterator[TargetGroup]:
        self._enter("list-groups", "")
        for group in list(self.groups.values()):
            yield group

    async def list_members(self, group: str) -> AsyncIterator[Account]:
        self._enter("list-members", group)
        self._group(group)
        for account in list(self.accounts.values()):
            if group_key(group) in (account.groups or ()):
                yield replace(account, groups=None)

    async def find_account(self, name: str) -> Account | None:
        self._enter("find-account", name)
        return self._named(name)

    async def find_account_by_id(self, id: str) -> Account | None:
        self._enter("find-account-by-id", id)
        return self.accounts.get(id)

    async def find_group(self, name: str) -> TargetGroup | None:
        self._enter("find-group", name)
        return self.groups.get(group_key(name))

    async def create_account(self, account: NewAccount) -> Account:
        self._enter("create-account", account.name)
        if self._named(account.name):
            raise AlreadyExists(f"There is an account {account.name}.", status=409)
        number = f"key-{len(self.effects)}-{account.name}"
        key = account_key(account.name)
        made = Account(
            id=number,
            name=account.name,
            key=key,
            display_name=account.display_name,
            email=account.email,
            active=True,
            groups=frozenset(),
            external_id=account.external_id,
            attributes=account.attributes,
        )
        self.accounts[number] = made
        self._leave("create-account", account.name)
        return made

    async def update_account(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        self._enter("update-account", name)
        merged = {**self._account(name).attributes, **(attributes or {})}
        kept = {attribute: value for attribute, value in merged.items() if value}
        self._change("update-account", name, display_name=display_name, email=email, attributes=kept)

    async def rename_account(self, name: str, new_name: str) -> None:
        self._enter("rename-account", name)
        if self._named(new_name) not in (None, self._account(name)):
            raise AlreadyExists(f"There is an account {new_name}.", status=409)
        self._change("rename-account", name, new_name, name=new_name, key=account_key(new_name))

    async def delete_account(self, name: str) -> None:
        self._enter("delete-account", name)
        if account := self._named(name):
            del self.accounts[account.id]
            self._leave("delete-account", name)

    async def set_active(self, name: str, active: bool) -> None:
        call = "reactivate-account" if active else "deactivate-account"
        self._enter(call, name)
        self._change(call, name, active=active)

    async def create_group(self, name: str) -> TargetGroup:
        self._enter("create-group", name)
        if group_key(name) in self.groups:
            raise AlreadyExists(f"There is a group {name}.", status=409)
        made = self.groups[group_key(name)] = TargetGroup(name, group_key(name))
        self._leave("create-group", name)
        return made

    async def rename_group(self, name: str, new_name: str) -> None:
        self._enter("rename-group", name)
        group, key = self._group(name), group_key(new_name)
        if self.groups.get(key, group) != group:
            raise AlreadyExists(f"There is a group {new_name}.", status=409)
        del self.groups[group.key]
        self.groups[key] = TargetGroup(new_name, key, group.id)
        for account in list(self.accounts.values()):
            if group.key in (account.groups or ()):
                self.accounts[account.id] = replace(account, groups=(account.groups or set()) - {group.key} | {key})
        self._leave("rename-group", name, new_name)

    async def delete_group(self, name: str) -> None:
        self._enter("delete-group", name)
        key = group_key(name)
        for account in list(self.accounts.values()):
            self.accounts[account.id] = replace(account, groups=(account.groups or frozenset()) - {key})
        if self.groups.pop(key, None):
            self._leave("delete-group", name)

    async def add_member(self, group: str, account: str) -> None:
        self._enter("add-member", account)
        key = self._group(group).key
        self._change("add-member", account, group, groups=(self._account(account).groups or frozenset()) | {key})

    async def remove_member(self, group: str, account: str) -> None:
        self._enter("remove-member", account)
        key = self._group(group).key
        self._change("remove-member", account, group, groups=(self._account(account).groups or frozenset()) - {key})

    async def list_leads(self, roles: Collection[str]) -> AsyncIterator[Lead]:
        self._enter("list-leads", " ".join(sorted(roles)))
        for lead in list(self.leads.values()):
            yield replace(lead, roles={name: members for name, members in lead.roles.items() if name in roles})

    async def find_lead(self, key: str) -> Lead | None:
        self._enter("find-lead", key)
        return replace(self.leads[key], roles={}) if key in self.leads else None

    async def move_lead(self, key: str, account: str) -> None:
        self._enter("move-lead", key)
        if key not in self.leads:
            raise NotFound(f"There is no {key}.", status=404)
        moved = replace(self.leads[key], account_key=self._account(account).key)
        if moved != self.leads[key]:
            self.leads[key] = moved
            self._leave("move-lead", key, account)

    async def aclose(self) -> None:
        return None

    def _enter(self, call: str, name: str) -> None:
        self.calls.append((call, name))
        self.before_call(call, name)
        if error := self.failing(call, name):
            raise error

    def _leave(self, call: str, name: str, *more: str) -> None:
        self.effects.append((call, name, *more))
        if error := self.losing(call, name):
            raise error

    def _change(self, call: str, name: str, /, *more: str, **values: object) -> None:
        account = self._account(name)
        changed = replace(account, **values)  # type: ignore[arg-type]
        if changed != account:
            self.accounts[account.id] = changed
            self._leave(call, name, *more)

    def _named(self, name: str) -> Account | None:
        return next((account for account in self.accounts.values() if account.key == account_key(name)), None)

    def _account(self, name: str) -> Account:
        account = self._named(name)
        if account is None:
            raise NotFound(f"There is no account {name}.", status=404)
        return account

    def _group(self, name: str) -> TargetGroup:
        group = self.groups.get(group_key(name))
        if group is None:
            raise NotFound(f"There is no group {name}.", status=404)
        return group
