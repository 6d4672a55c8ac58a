"""What the slow reference says about one account: its values, its name, and what the product takes of them."""

from dataclasses import dataclass

from core.planning.changes import ChangeKind
from core.planning.mapping import MappedUser
from core.planning.names import account_key, check_display_name, check_email, check_username, display_key, normalised
from core.planning.values import Account

from .reference_given import Expected, Given, State, state


@dataclass(frozen=True)
class Accounts:
    """What rules make of users for their accounts."""

    given: Given

    def problem_of_creation(self, mapped: MappedUser, rivals: list[str]) -> str | None:
        """`rivals`: the addresses of other newcomers."""
        names = self.given.world.capabilities.names
        if check_username(normalised(mapped.username or ""), names):
            return "C16"
        if not mapped.display_name or (names.email_required and not mapped.email):
            return "C17"
        if mapped.email and check_email(mapped.email, names):
            return "C17"
        if names.email_unique and mapped.email and (self.is_used(mapped.email) or mapped.email.lower() in rivals):
            return "C11"
        return "C16" if check_display_name(mapped.display_name, names) else None

    def are_alike(self, mapped: MappedUser) -> bool:
        """Whether an account that is nobody's looks like the user's."""
        free = [account for account in self.given.world.accounts if not self.given.is_held(account.key)]
        email, name = (mapped.email or "").lower(), display_key(mapped.display_name or "")
        before = account_key(email[: email.index("@")]) if "@" in email else ""
        return any(
            (email and (each.email or "").lower() == email)
            or (name and display_key(each.display_name or "") == name)
            or (before and each.key == before)
            for each in free
        )

    def is_used(self, email: str, own: Account | None = None) -> bool:
        """Whether another account has this address."""
        others = [account for account in self.given.world.accounts if own is None or account.id != own.id]
        return any((account.email or "").lower() == email.lower() for account in others)

    def problem_of_values(self, mapped: MappedUser, account: Account) -> str | None:
        names = self.given.world.capabilities.names
        if "display_name" in mapped.cleared and account.display_name:
            return "C17"
        if "email" in mapped.cleared and account.email and names.email_required:
            return "C17"
        if mapped.email and mapped.email != account.email and check_email(mapped.email, names):
            return "C17"
        is_another = bool(mapped.email) and (mapped.email or "").lower() != (account.email or "").lower()
        if names.email_unique and is_another and self.is_used(mapped.email or "", account):
            return "C11"
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
