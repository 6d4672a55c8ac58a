"""What a Confluence target sends in confidence reaches Confluence and nobody else: no log, no message."""

import secrets

import orjson
import pytest
from simulated_site import Site, site

from core.redaction import Bodies
from core.sandbox.confluence import ADMIN, Confluence, Settings
from core.targets.auth import Auth, BasicAuth, BearerAuth
from core.targets.protocol import NewAccount, TargetError

SCHEMES = ["token", "password", "wrong token", "wrong password"]


def sent_passwords(wiki: Site) -> list[str]:
    """The passwords of new accounts as they arrived."""
    return [orjson.loads(body)["password"] for body in wiki.bodies if b'"password"' in body]


async def everything(wiki: Site) -> str:
    """What the target says while it is asked for this and that, for better or worse."""
    told = [repr(await wiki.target.check()), repr(wiki.target), repr(wiki.http)]
    calls = [
        wiki.target.capabilities(),
        wiki.target.create_account(NewAccount("john", "John Roe", "john@example.com")),
        wiki.target.create_account(NewAccount("john", "John Roe", "john@example.com")),
        wiki.target.create_account(NewAccount("joan", "Joan Roe", "joan@example.com")),
        wiki.target.find_account("john"),
        wiki.target.set_active("ghost", False),
    ]
    for call in calls:
        try:
            told.append(repr(await call))
        except TargetError as error:
            told += [str(error), repr(error), error.remedy]
    return "\n".join(told)


@pytest.mark.parametrize("bodies", ["full", "redacted", "none"])
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_no_credential_and_no_password_is_in_any_logged_exchange_or_message(bodies: Bodies, scheme: str) -> None:
    secret = secrets.token_urlsafe(16)
    schemes: dict[str, Auth | None] = {
        "token": None,
        "password": BasicAuth(ADMIN, secret),
        "wrong token": BearerAuth(secret),
        "wrong password": BasicAuth(ADMIN, secret + "x"),
    }
    confluence = Confluence.with_defaults(admin_password=secret, settings=Settings(seats=2))
    async with site(confluence, auth=schemes[scheme], bodies=bodies) as wiki:
        told = await everything(wiki) + repr(wiki.log)
        assert len(wiki.log) > 5
        assert {exchange.request_headers["authorization"].split()[1] for exchange in wiki.log} == {"•••"}
        passwords = sent_passwords(wiki)
        assert len(passwords) == 3
        encoded = [auth.header().split()[1] for auth in schemes.values() if auth is not None]
        assert not any(each in told for each in (secret, wiki.token, *encoded, *passwords))


async def test_every_new_account_has_a_long_password_of_its_own() -> None:
    async with site(Confluence.with_defaults()) as wiki:
        await wiki.target.create_account(NewAccount("john", "John Roe", "john@example.com"))
        await wiki.target.create_account(NewAccount("joan", "Joan Roe", "joan@example.com"))
        passwords = sent_passwords(wiki)
        assert len(set(passwords)) == 2
        assert all(len(password) >= 32 for password in passwords)
