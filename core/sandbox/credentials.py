"""Whose credentials these are: Basic authentication and personal access tokens, good for active accounts only."""

import base64
import binascii
from typing import Any

from core.sandbox.embedded_crowd import Account
from core.sandbox.instance import Instance


def basic(credential: str) -> tuple[str, str] | None:
    """Username and password of Basic authentication; None where they cannot be read."""
    try:
        username, _, password = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return username, password


def with_password(instance: Instance[Any], username: str, password: str) -> Account | None:
    """The account with that name and password; None for an unknown or deactivated one, and for a wrong password."""
    account = _usable(instance.crowd.account(username))
    known = instance.passwords.get(account.user_key) if account else None
    return account if known is not None and known == password else None


def with_token(instance: Instance[Any], token: str) -> Account | None:
    """The account that has this personal access token; None for a wrong one, and for a deactivated account."""
    user_key = instance.tokens.get(token)
    return _usable(instance.crowd.account_with_key(user_key)) if user_key is not None else None


def _usable(account: Account | None) -> Account | None:
    return account if account and account.active else None
