"""A world limited to what touched keys lead to, as the documentation of `World` says field by field."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from core.planning.mapping import MappedUser, map_user
from core.planning.names import account_key, display_key, group_key, normalised
from core.planning.rules import TargetRules
from core.planning.values import Account, Link, SourceGroup, SourceUser, World

from .reference_given import Given, key_of
from .reference_on_the_fly import OnTheFlyGroups


def limited(world: World, rules: TargetRules, user_ids: Set[str], group_ids: Set[str]) -> World:
    """The part of a whole world that is enough to plan these users and groups."""
    return Limited(world, rules).of(user_ids, group_ids)


def fed_keys(world: World, rules: TargetRules, group_ids: Set[str]) -> set[str]:
    """Keys of the target groups that IdP groups feed, or would, or did."""
    groups = [group for group in world.groups if group.id in group_ids]
    keys = {key_of(group) for group in groups}
    keys |= {link.group_key for link in world.group_links if link.group_id in group_ids}
    if rules.groups.mode == "on-the-fly":
        on_the_fly = OnTheFlyGroups(Given(world, rules))
        keys |= {on_the_fly.wanted_key(group) for group in groups if not group.deleted}
    if rules.groups.mode == "manual":
        keys |= {group_key(name) for each in rules.groups.map for name in each.target}
    return keys


@dataclass(frozen=True)
class Limited:
    """A whole world, to be limited."""

    world: World
    rules: TargetRules

    def of(self, user_ids: Set[str], group_ids: Set[str]) -> World:
        world, users = self.world, self._users(user_ids, group_ids)
        names = {name for user in users for name in self._wants(user)}
        own = [link for link in world.links if link.user_id in {user.id for user in users}]
        own += [link for link in world.links if link not in own and account_key(link.account_name) in names]
        accounts = [account for account in world.accounts if self._is_about(account, users, own)]
        ids = {account.id for account in accounts}
        managed = {membership for membership in world.managed if membership.account_id in ids}
        keys = {membership.group_key for membership in managed} | {key for a in accounts for key in a.groups or ()}
        for_new = set(map(group_key, self.rules.groups.default_for_new))
        groups = self._groups({id for user in users for id in user.groups} | group_ids, keys | for_new)
        keys |= fed_keys(world, self.rules, {group.id for group in groups}) | self._named_keys()
        links = [link for link in world.links if link in own or link.account_id in ids]
        return replace(
            world,
            users=tuple(users),
            groups=tuple(groups),
            accounts=tuple(accounts),
            target_groups=tuple(group for group in world.target_groups if group.key in keys),
            links=tuple(links),
            managed=frozenset(managed),
            touched_groups=frozenset(group_ids),
            group_links=tuple(link for link in world.group_links if _is_of(link.group_id, groups)),
            repeated=tuple(each for each in world.repeated if each.account_id in ids),
            undone=tuple(each for each in world.undone if each.change.user_id in {None, *(user.id for user in users)}),
        )

    def _named_keys(self) -> set[str]:
        """Of the target groups that rules name."""
        rules = self.rules.groups
        names = [*rules.default_for_all, *rules.default_for_new, *(name for each in rules.map for name in each.target)]
        return set(map(group_key, names))

    # Users

    def _users(self, user_ids: Set[str], group_ids: Set[str]) -> list[SourceUser]:
        """The touched ones, those whom touched groups are about, and those who want what any of these wants."""
        given, keys = Given(self.world, self.rules), fed_keys(self.world, self.rules, self._alike(group_ids))
        touched = [user for user in self.world.users if user.id in user_ids]
        touched += [user for user in self.world.users if given.groups_of(user) & self._alike(group_ids)]
        touched += [user for user in self.world.users if self._was_member(user, keys)]
        found = [user for user in self.world.users if user in touched]
        while more := [user for user in self.world.users if user not in found and self._is_rival(user, found)]:
            found += more
        return found

    def _alike(self, group_ids: Set[str]) -> set[str]:
        """Touched groups and those that are decided together with them."""
        return {group.id for group in self._groups(group_ids, set(), with_parents=False)} if group_ids else set()

    def _was_member(self, user: SourceUser, keys: Set[str]) -> bool:
        """Whether the user's account is in one of these target groups."""
        ids = {link.account_id for link in self.world.links if link.user_id == user.id}
        managed = {membership.group_key for membership in self.world.managed if membership.account_id in ids}
        observed = {key for account in self.world.accounts if account.id in ids for key in account.groups or ()}
        return bool(keys & (managed | observed))

    def _is_rival(self, user: SourceUser, found: Iterable[SourceUser]) -> bool:
        mine = self._wants(user)
        return any(mine & self._wants(other) for other in found)

    def _wants(self, user: SourceUser) -> set[str]:
        """What only one user can have: a name, and whatever accounts it matches."""
        mapped = map_user(user, self.rules.users)
        name = account_key(normalised(mapped.username or ""))
        if any(link.user_id == user.id for link in self.world.links):
            return {name} - {""}
        matched = [account.key for account in self.world.accounts if _matches(account, mapped)]
        return {name, *matched, *self._only_mail(mapped)} - {""}

    def _only_mail(self, mapped: MappedUser) -> set[str]:
        """The address, where nobody else may have it; no account has such a name."""
        is_unique = self.world.capabilities.names.email_unique
        return {f"mail {mapped.email.lower()}"} if is_unique and mapped.email else set()

    def _is_about(self, account: Account, users: Iterable[SourceUser], own: Iterable[Link]) -> bool:
        if any(link.account_id == account.id or account_key(link.account_name) == account.key for link in own):
            return True
        without = [user for user in users if not any(link.user_id == user.id for link in self.world.links)]
        if any(_are_alike(account, map_user(user, self.rules.users)) for user in without):
            return True
        having = {f"mail {account.email.lower()}"} if account.email else set()
        if any(self._only_mail(map_user(user, self.rules.users)) & having for user in users):
            return True
        return any(account.key in self._wants(user) for user in users)

    # Groups

    def _groups(self, ids: Set[str], keys: Set[str], *, with_parents: bool = True) -> list[SourceGroup]:
        """These, those of their names, those linked to what they feed, and so on; all where names are made by rules."""
        rules = self.rules.groups
        is_made = rules.on_the_fly.match is not None or rules.on_the_fly.replace != "$0"
        if with_parents and (rules.mode == "manual" or (rules.mode == "on-the-fly" and is_made)):
            return list(self.world.groups)
        found = {group.id for group in self.world.groups if group.id in ids}
        while True:
            reached = keys | fed_keys(self.world, self.rules, found) if rules.mode != "manual" else set(keys)
            more = {group.id for group in self.world.groups if self._meets(group, reached, found)}
            if with_parents and rules.nested == "flatten":
                more |= {up for group in self.world.groups if group.id in found for up in group.parents}
            if more <= found:
                return [group for group in self.world.groups if group.id in found]
            found |= more

    def _meets(self, group: SourceGroup, keys: Set[str], found: Set[str]) -> bool:
        names = {key_of(other) for other in self.world.groups if other.id in found}
        if key_of(group) in names:
            return True
        return self.rules.groups.mode != "manual" and bool(fed_keys(self.world, self.rules, {group.id}) & keys)


def _matches(account: Account, mapped: MappedUser) -> bool:
    ids = {mapped.user.id, mapped.user.attributes.get("externalId", "")} - {""}
    same_email = mapped.email is not None and mapped.email.lower() == (account.email or "").lower()
    return same_email or account.external_id in ids


def _are_alike(account: Account, mapped: MappedUser) -> bool:
    name = display_key(mapped.display_name or "")
    before = (mapped.email or "").lower().partition("@")[0]
    return (bool(name) and display_key(account.display_name or "") == name) or account.key == account_key(before)


def _is_of(group_id: str, groups: Iterable[SourceGroup]) -> bool:
    return any(group.id == group_id for group in groups)
