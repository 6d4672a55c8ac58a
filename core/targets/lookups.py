"""An account that was looked up is the one that was asked for, and one that was just created is there."""

from collections.abc import Awaitable

from core.planning.values import Account
from core.targets.protocol import IncompleteRead, OutcomeUnknown, TargetError

READ_AGAIN = "It is read again before anything else is done with it."


def with_id(account: Account | None, id: str, party: str) -> Account | None:
    """The account that `party` answered with when it was asked for this id.

    :raises IncompleteRead: when it is another one.
    """
    if account is not None and account.id != id:
        raise IncompleteRead(
            f"{party} was asked for the account {id} and answered with {account.name}.", remedy=READ_AGAIN
        )
    return account


async def created(name: str, found: Awaitable[Account | None], party: str) -> Account:
    """The account that was just created, as `found` reads it back.

    :raises OutcomeUnknown: when it cannot be read, or is not shown.
    """
    try:
        account = await found
    except TargetError as error:
        raise OutcomeUnknown(
            f"{name} was created at {party} and could not be read back: {error.message}", remedy=READ_AGAIN
        ) from error
    if account is None:
        raise OutcomeUnknown(f"{party} says that it created {name}, and does not show it.", remedy=READ_AGAIN)
    return account
