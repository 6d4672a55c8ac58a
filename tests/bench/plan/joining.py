"""Many people join a group: the changes that are made against a product that allows so many calls a second."""

from core.planning.changes import Because, Change, ChangeKind
from core.planning.names import account_key
from core.planning.values import Account


def account_name(number: int) -> str:
    """Of the account of this number."""
    return f"first.last{number}"


def group_name(number: int) -> str:
    """Of the group of this number."""
    return f"team-{number}"


def joins(changes: int, accounts: int) -> list[Change]:
    """Each account joins one group after the other."""
    because = Because("IdP group has this user as a member", "groups.on_the_fly", "u")
    return [
        Change(
            ChangeKind.ADD_MEMBER,
            because,
            account=account_name(number % accounts),
            account_id=f"a-{number % accounts}",
            user_id=f"u-{number % accounts}",
            group=group_name(number // accounts),
            before={"member": False},
            after={"member": True},
        )
        for number in range(changes)
    ]


def account(number: int) -> Account:
    """As the store knows it."""
    name = account_name(number)
    return Account(f"a-{number}", name, account_key(name), f"First Last{number}", f"{name}@x.example", True)
