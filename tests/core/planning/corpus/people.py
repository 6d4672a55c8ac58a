"""Names and values that vary with the seed."""

from random import Random
from typing import Any

from core.planning.values import Account, SourceUser

from ..building import account, user

_FIRST = ("ada", "bob", "cyd", "dot", "eve", "fay", "gus", "hal", "ida", "jon")
_LAST = ("Lovelace", "Müller", "O'Hara", "Nguyễn", "Ångström", "van der Berg", "Żak", "de la Cruz")


def name(dice: Random) -> str:
    """A userName that every product takes."""
    return f"{dice.choice(_FIRST)}{dice.randrange(100)}"


def display(dice: Random, of: str) -> str:
    """A display name for it."""
    return f"{of.title()} {dice.choice(_LAST)}"


def person(dice: Random, of: str, **more: Any) -> SourceUser:
    """A user with an address and a display name of their own."""
    return user(of, **{"display_name": display(dice, of), "email": f"{of}@example.com"} | more)


def same(of: SourceUser, **more: Any) -> Account:
    """The account that such a user has, as the IdP has them."""
    values = {"display_name": of.attributes.get("displayName"), "email": of.attributes.get("emails.work")}
    return account(of.user_name, **values | more)


def stranger(of: str, **more: Any) -> Account:
    """An account that looks like nobody's."""
    return account(of, **{"display_name": f"{of} (local)", "email": f"{of}@local.example"} | more)
