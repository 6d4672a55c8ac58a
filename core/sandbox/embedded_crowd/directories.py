"""Several user directories seen as one, as Embedded Crowd shows them to its product.

Where more than one directory holds a username, the first active one in order wins and shadows the others. This module
answers who and what is there and changes the content; the rules for what a caller may change are the product's.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from core.sandbox.embedded_crowd.content import Account, Directory, DirectoryContent, name_key
from core.sandbox.embedded_crowd.listing import Listings
from core.sandbox.embedded_crowd.user_keys import UserKeys


class EmbeddedCrowd:
    """The directories in order. `on_change` hears the name keys of users whose state or memberships changed."""

    def __init__(
        self,
        directories: Sequence[Directory],
        user_keys: UserKeys,
        *,
        aggregate_memberships: bool,
        on_change: Callable[[Iterable[str]], None],
    ) -> None:
        self.contents = [DirectoryContent(directory) for directory in directories]
        self.user_keys = user_keys
        self._aggregate_memberships = aggregate_memberships
        self._on_change = on_change
        self._listings = Listings()

    def home(self, name: str) -> DirectoryContent | None:
        """The directory whose account of that name counts."""
        key = name_key(name)
        return next((content for content in self._active() if key in content.accounts), None)

    def account(self, name: str) -> Account | None:
        """The account of that name that counts."""
        home = self.home(name)
        return home.accounts[name_key(name)] if home else None

    def account_with_key(self, user_key: str) -> Account | None:
        """The account with that user key."""
        name = self.user_keys.name(user_key)
        return self.account(name) if name is not None else None

    def accounts(self) -> list[str]:
        """Sorted name keys of all accounts that count, deactivated ones too."""
        return self._listings.names("accounts", lambda: {key for each in self._active() for key in each.accounts})

    def has_email(self, email: str) -> bool:
        """Whether any account has that e-mail address."""
        return any(content.emails[name_key(email)] > 0 for content in self.contents)

    def is_taken(self, name: str) -> bool:
        """Whether any directory has an account of that name."""
        return any(name_key(name) in content.accounts for content in self.contents)

    def group(self, name: str) -> str | None:
        """The name of a group as it was first written, or None when there is no such group."""
        key = name_key(name)
        return next((content.groups[key] for content in self._active() if key in content.groups), None)

    def groups(self) -> list[str]:
        """Sorted keys of all groups."""
        return self._listings.names("groups", lambda: {key for each in self._active() for key in each.groups})

    def groups_of(self, name: str) -> set[str]:
        """Keys of the groups that a user is a direct member of."""
        key = name_key(name)
        return {group for content in self.counting(name) for group in content.groups_of.get(key, ())}

    def members(self, group: str) -> list[str]:
        """Sorted name keys of the direct members of a group, deactivated ones too."""
        key = name_key(group)
        also = ("accounts",) if len(self.contents) > 1 else ()
        return self._listings.names(f"members:{key}", lambda: set(self._members_now(key)), also=also)

    def nested_groups(self, group: str) -> list[str]:
        """Sorted keys of the groups directly inside a group."""
        key = name_key(group)
        return sorted({inside for content in self._active() for inside in content.nested.get(key, ())})

    def counting(self, name: str) -> list[DirectoryContent]:
        """The directories whose memberships of that user count."""
        if self._aggregate_memberships:
            return [content for content in self._active() if name_key(name) in content.accounts]
        home = self.home(name)
        return [home] if home else []

    def first_writable(self) -> DirectoryContent | None:
        """Where a new user or group lands."""
        return next((content for content in self._active() if content.directory.writable), None)

    def put_account(self, content: DirectoryContent, account: Account) -> None:
        """Add or replace an account."""
        if name_key(account.username) not in content.accounts:
            self._listings.touch("accounts")
        content.put_account(account)
        self._on_change([name_key(account.username)])

    def remove_account(self, content: DirectoryContent, name: str) -> None:
        """Remove an account; one that it shadowed in a later directory now counts."""
        key = name_key(name)
        self._touch_members(content.remove_account(key))
        self._listings.touch("accounts")
        if not self.is_taken(name):
            self.user_keys.forget(key)
        self._on_change([key])

    def rename(self, content: DirectoryContent, name: str, new_name: str) -> None:
        """Give an account another name; user key and memberships stay, one that it shadowed gets a key of its own."""
        account = content.accounts[name_key(name)]
        groups = content.remove_account(name_key(name))
        self.user_keys.rename(name, new_name)
        content.put_account(replace(account, username=new_name))
        for group in groups:
            content.join(name_key(new_name), group)
        for shadowed in [each for each in self.contents if name_key(name) in each.accounts]:
            other = shadowed.accounts[name_key(name)]
            shadowed.put_account(replace(other, user_key=self.user_keys.of(name)))
        self._touch_members(groups)
        self._listings.touch("accounts")
        self._on_change([name_key(name), name_key(new_name)])

    def put_group(self, content: DirectoryContent, name: str) -> None:
        """Add a group, if it is not there."""
        content.groups.setdefault(name_key(name), name)
        self._listings.touch("groups")

    def nest(self, content: DirectoryContent, inner: str, outer: str) -> None:
        """Put a group into another; the product may count the members of the inner one as members of the outer."""
        content.nested[name_key(outer)].add(name_key(inner))
        self.reassess_all()

    def delete_group(self, name: str) -> bool:
        """Remove a group from every writable directory, and answer whether there is any that has it."""
        holders = [content for content in self.contents if name_key(name) in content.groups]
        writable = [content for content in holders if content.directory.writable]
        for content in writable:
            self.remove_group(content, name)
        return bool(writable)

    def remove_group(self, content: DirectoryContent, name: str) -> None:
        """Remove a group and its memberships."""
        left = content.remove_group(name_key(name))
        self._listings.touch("groups")
        self._touch_members([name_key(name)])
        self._on_change(left)

    def join(self, content: DirectoryContent, user: str, group: str) -> None:
        """Make a user a member; the directory gets the group if only others had it."""
        if name_key(group) not in content.groups:
            self.put_group(content, self.group(group) or group)
        content.join(name_key(user), name_key(group))
        self._touch_members([name_key(group)])
        self._on_change([name_key(user)])

    def leave(self, content: DirectoryContent, user: str, group: str) -> None:
        """End a membership."""
        content.leave(name_key(user), name_key(group))
        self._touch_members([name_key(group)])
        self._on_change([name_key(user)])

    def order_directories(self, ids: Sequence[int]) -> None:
        """Put the directories into this order."""
        self.contents.sort(key=lambda content: ids.index(content.directory.id))
        self._listings.touch("accounts")
        self.reassess_all()

    def taking_memberships(self, name: str) -> list[DirectoryContent]:
        """Of the directories whose memberships of that user count: those where they can be changed."""
        return [content for content in self.counting(name) if content.takes_memberships]

    def reassess_all(self) -> None:
        """Tell `on_change` of everybody."""
        self._on_change(self.accounts())

    def _active(self) -> Iterator[DirectoryContent]:
        return (content for content in self.contents if content.directory.active)

    def _members_now(self, group: str) -> Iterator[str]:
        for content in self._active():
            for member in content.members.get(group, ()):
                if content in self.counting(member):
                    yield member

    def _touch_members(self, groups: Iterable[str]) -> None:
        for group in groups:
            self._listings.touch(f"members:{group}")
