"""What the slow reference says about one account: its values, its name, and what the product takes of them."""

from dataclasses import dataclass

from core.planning.changes import ChangeKind
from core.planning.mapping import MappedUser
from core.planning.names import account_key, check_display_name, check_username, normalised
from core.planning.values import Account

from .reference_given import Expected, Given, State, state


@dataclass(frozen=True)
class Accounts:
    """What rules make of users for their accounts."""

    given: Given

    def problem_of_creation(self, mapped: MappedUser) -> str | None:
        names = self.given.world.capabilities.names
        if check_username(normalised(mapped.username or ""), names):
            return "C16"
        if not mapped.display_name or (names.email_required and not mapped.email):
            return "C17"
        return "C16" if check_display_name(mapped.display_name, names) else None

    def problem_of_values(self, mapped: MappedUser, account: Account) -> str | None:
        names = self.given.world.capabilities.names
        if "display_name" in mapped.cleared and account.display_name:
            return "C17"
        if "email" in mapped.cleared and account.email and names.email_required:
            return "C17"
        name = mapped.display_name
        is_new = name is not None and name != account.display_name
        return "C16" if is_new and check_display_name(name or "", names) else None

    def new_name(self, mapped: MappedUser, account: Account) -> str | None:
        """The name that an account is to have instead of its own."""
        if not self.given.rules.users.rename or self.given.world.capabilities.rename_user is not None:
            return None
        name = normalised(mapped.username or "")
        return name if name and account_key(name) != account.key else None

    def update(self, mapped: MappedUser, account: Account) -> tuple[State, State] | None:
        """State before and after, where both sides tell a value and the two differ."""
        display_name = "" if "display_name" in mapped.cleared else mapped.display_name
        email = "" if "email" in mapped.cleared else mapped.email
        known = self.given.world.capabilities.attributes
        further = {name: value for name, value in mapped.attributes.items() if name in known}
        further = {name: value for name, value in further.items() if account.attributes.get(name, "") != value}
        pairs = [(display_name, account.display_name), (email, account.email)]
        same = all(idp is None or now is None or idp == now for idp, now in pairs)
        if not self.given.rules.users.update or (same and not further):
            return None
        before = {f"attributes.{name}": account.attributes.get(name, "") for name in further}
        after = {f"attributes.{name}": value for name, value in further.items()}
        return (
            state(display_name=account.display_name, email=account.email, **before),
            state(
                display_name=display_name or account.display_name,
                email=account.email if email is None else email,
                **after,
            ),
        )

    def creation(self, mapped: MappedUser) -> Expected:
        user, known = mapped.user, self.given.world.capabilities.attributes
        name = normalised(mapped.username or "")
        after = state(name=name, display_name=mapped.display_name, email=mapped.email, active=True)
        after |= {(f"attributes.{key}", value) for key, value in mapped.attributes.items() if value and key in known}
        if "externalId" in known:
            after |= state(external_id=user.attributes.get("externalId") or user.id)
        return Expected(ChangeKind.CREATE_ACCOUNT, user.id, name, after=after)

    def alignment(self, mapped: MappedUser, account: Account) -> list[tuple[ChangeKind, State, State]]:
        found: list[tuple[ChangeKind, State, State]] = []
        if not account.active and self.given.rules.users.reactivate:
            found.append((ChangeKind.REACTIVATE_ACCOUNT, state(active=False), state(active=True)))
        if states := self.update(mapped, account):
            found.append((ChangeKind.UPDATE_ACCOUNT, *states))
        if name := self.new_name(mapped, account):
            found.append((ChangeKind.RENAME_ACCOUNT, state(name=account.name), state(name=name)))
        return found
