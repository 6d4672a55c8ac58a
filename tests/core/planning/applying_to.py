"""What a change is applied to: the account that it names, which must be there and linked."""

from dataclasses import replace

from core.planning.changes import Change
from core.planning.names import account_key
from core.planning.values import Account, World


def owned(world: World, change: Change) -> Account:
    """The account that a change names, by its id unless this plan created it."""
    name = account_key(change.account or "")
    (account,) = [account for account in world.accounts if account.key == name]
    assert change.account_id in (account.id, None)
    assert any((link.user_id, link.account_id) == (change.user_id, account.id) for link in world.links), "it is linked"
    return account


def with_account(world: World, old: Account, new: Account) -> World:
    """The world with an account in another's place."""
    return replace(world, accounts=tuple(new if account == old else account for account in world.accounts))


def text(value: str | bool | None) -> str | None:
    """A value that is a text."""
    assert not isinstance(value, bool)
    return value
