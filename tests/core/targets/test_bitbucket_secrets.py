"""What a Bitbucket target sends in confidence reaches Bitbucket and nobody else, though passwords go in addresses."""

import secrets
from urllib.parse import parse_qs

import pytest
from bitbucket_site import BitbucketSite, bitbucket_site

from core.redaction import Bodies
from core.sandbox.bitbucket import ADMIN, Bitbucket, Settings
from core.targets.auth import Auth, BasicAuth, BearerAuth
from core.targets.protocol import NewAccount, TargetError


async def everything(site: BitbucketSite) -> str:
    """What the target says while it is asked for this and that, for better or worse."""
    told = [repr(await site.target.check()), repr(site.target), repr(site.http)]
    calls = [
        site.target.capabilities(),
        site.target.create_account(NewAccount("john", "John Roe", "john@example.com")),
        site.target.create_account(NewAccount("john", "John Roe", "john@example.com")),
        site.target.create_account(NewAccount("joan", "Joan Roe", "joan@example.com")),
        site.target.set_active("john", False),
        site.target.set_active("ghost", False),
    ]
    for call in calls:
        try:
            told.append(repr(await call))
        except TargetError as error:
            told += [str(error), repr(error), error.remedy]
    return "\n".join(told)


@pytest.mark.parametrize("bodies", ["full", "redacted", "none"])
@pytest.mark.parametrize("scheme", ["token", "password", "wrong token", "wrong password"])
async def test_no_credential_and_no_password_is_in_any_logged_exchange_or_message(bodies: Bodies, scheme: str) -> None:
    secret = secrets.token_urlsafe(16)
    bitbucket = Bitbucket.with_defaults(admin_password=secret, settings=Settings(seats=2, captcha_after=None))
    schemes: dict[str, Auth] = {
        "token": BearerAuth(bitbucket.issue_oauth_token()),
        "password": BasicAuth(ADMIN, secret),
        "wrong token": BearerAuth(secret),
        "wrong password": BasicAuth(ADMIN, secret + "x"),
    }
    async with bitbucket_site(bitbucket, auth=schemes[scheme], bodies=bodies) as site:
        told = await everything(site) + repr(site.log)
        assert len(site.log) > 5
        assert {exchange.request_headers["authorization"].split()[1] for exchange in site.log} == {"•••"}
        passwords = [each for query in site.queries for each in parse_qs(query.decode()).get("password", [])]
        assert len(passwords) == 3
        encoded = [auth.header().split()[1] for auth in schemes.values()]
        assert not any(each in told for each in (secret, *encoded, *passwords))
