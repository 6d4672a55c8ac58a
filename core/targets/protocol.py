"""What every target can be asked, and how it answers when it cannot.

A target speaks to one product instance over `core.targets.http.Http`. It holds no state of ours: links, memberships
that we manage and before-images live in the store. Reads are complete or they raise; a partial answer is never
returned as if it were whole (design, section 3 point 8). What a product cannot do raises `Unsupported` with the
reason and the way round.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from core.planning.values import Account, Capabilities, Lead, TargetGroup


class TargetError(Exception):
    """A call to a target that did not do what was asked: `message` says what happened, `remedy` what to do next.

    As text it is both, ready to show. `code` is the product's own word for it, where it has one (Bitbucket's
    `exceptionName` without its package, Crowd's `reason`).
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        status: int | None = None,
        exchange: int | None = None,
        code: str = "",
    ) -> None:
        super().__init__(f"{message} {remedy}".rstrip())
        self.message = message
        self.remedy = remedy
        self.status = status
        self.exchange = exchange
        self.code = code


class Refused(TargetError):
    """The target understood and said no (4xx). Repeating will not help; the item is parked with the reason."""


class NoSeats(Refused):
    """The licence has no free seat (Confluence 402). Creating stops; everything else goes on."""


class NotFound(Refused):
    """The account or group is not there (404)."""


class AlreadyExists(Refused):
    """The account or group is there already (409). Read it, then decide: adopt or conflict."""


class CredentialFailed(TargetError):
    """The credential is wrong, expired, or lacks the permission. The run stops and plans nothing."""


class Unavailable(TargetError):
    """No usable answer after all retries (network, 429, 5xx). The request had no effect, or is safe to repeat."""


class OutcomeUnknown(TargetError):
    """The request was sent and no answer came: it may have happened. Read back before anything is repeated."""


class IncompleteRead(TargetError):
    """A listing broke off or did not add up. Nothing may be removed on the strength of it."""


class Unsupported(TargetError):
    """The product cannot do this over its REST. The message gives the reason and the way round."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to create. A random password is made by the target and thrown away."""

    name: str
    display_name: str
    email: str
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Further attributes, of those that `Capabilities.attributes` names."""
    external_id: str | None = None
    """The user's immutable id, for targets that keep one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a health check: what was tried, whether it works, and the remedy where it does not."""

    subject: str
    ok: bool
    detail: str
    remedy: str = ""


class Target(Protocol):
    """One product instance. Implementations: `core.targets.confluence`."""

    name: str

    async def capabilities(self) -> Capabilities:
        """What this instance can do, probed once and remembered."""
        ...

    async def check(self) -> Sequence[Finding]:
        """Try URL, credential and permissions; never raises, every failure is a finding with a remedy."""
        ...

    def account_key(self, name: str) -> str:
        """The name as the product compares account names."""
        ...

    def group_key(self, name: str) -> str:
        """The name as the product compares group names."""
        ...

    def list_accounts(self) -> AsyncIterator[Account]:
        """All accounts, inactive ones too, without their groups.

        :raises IncompleteRead: when a page is missing, repeated, or the listing broke off.
        """
        ...

    def list_groups(self) -> AsyncIterator[TargetGroup]:
        """All groups."""
        ...

    def list_members(self, group: str) -> AsyncIterator[Account]:
        """The direct members of a group, inactive ones too.

        :raises NotFound: when the group does not exist.
        """
        ...

    async def find_account(self, name: str) -> Account | None:
        """One account by name, with its groups; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        ...

    async def find_account_by_id(self, id: str) -> Account | None:
        """One account by its immutable id, with its groups, whatever its name is by now; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        ...

    async def find_group(self, name: str) -> TargetGroup | None:
        """One group by name; `None` when there is none."""
        ...

    async def create_account(self, account: NewAccount) -> Account:
        """Create an active account and answer it as the target now shows it, with its groups."""
        ...

    async def update_account(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Set display name and e-mail, and those further attributes that are given; an empty one is cleared."""
        ...

    async def rename_account(self, name: str, new_name: str) -> None:
        """Give an account another name; its id stays.

        :raises AlreadyExists: when another account has that name.
        :raises Unsupported: when the product cannot.
        """
        ...

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate; asking for what is so already succeeds."""
        ...

    async def delete_account(self, name: str) -> None:
        """Delete an account; one that is gone already succeeds.

        :raises Unsupported: when the product cannot.
        """
        ...

    async def create_group(self, name: str) -> TargetGroup:
        """Create a group."""
        ...

    async def rename_group(self, name: str, new_name: str) -> None:
        """Give a group another name; its members and grants stay.

        :raises AlreadyExists: when another group has that name.
        :raises Unsupported: when the product cannot.
        """
        ...

    async def delete_group(self, name: str) -> None:
        """Delete a group; one that is gone already succeeds.

        :raises Unsupported: when the product cannot.
        """
        ...

    async def add_member(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds."""
        ...

    async def remove_member(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds."""
        ...

    def list_leads(self, roles: Collection[str]) -> AsyncIterator[Lead]:
        """All projects and components that somebody leads, with the members of these roles of their projects.

        :raises Unsupported: when the product has none.
        """
        ...

    async def find_lead(self, key: str) -> Lead | None:
        """One project or component by `Lead.key`, without roles; `None` when it is gone or nobody leads it."""
        ...

    async def move_lead(self, key: str, account: str) -> None:
        """Give a project or component, by `Lead.key`, to another account.

        :raises Unsupported: when the product has none.
        """
        ...

    async def aclose(self) -> None:
        """Release connections."""
        ...
