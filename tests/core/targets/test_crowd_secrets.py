"""What a Crowd target sends in confidence reaches Crowd and nobody else: no log, no message."""

from collections.abc import AsyncIterator

import orjson
import pytest
from crowd_site import KNOWN, CrowdSite, crowd_site
from starlette.types import Message, Receive, Scope, Send

from core.sandbox.crowd import Crowd
from core.targets.auth import BasicAuth
from core.targets.protocol import NewAccount, TargetError

JOHN = NewAccount("john", "John Roe", "john@example.com", external_id="42")


class Listening:
    """Stands before a simulator and keeps the passwords of new accounts as they arrive."""

    def __init__(self, site: CrowdSite) -> None:
        self._site = site
        self.passwords: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        if b'"password"' in message.get("body", b""):
            self.passwords.append(orjson.loads(message["body"])["password"]["value"])
        waiting = _once(message)

        async def replayed() -> Message:
            return await anext(waiting, None) or await receive()

        await self._site(scope, replayed, send)


async def _once(message: Message) -> AsyncIterator[Message]:
    yield message


async def everything(site: CrowdSite) -> str:
    """What the target says while it is asked for this and that, for better or worse."""
    told = [repr(await site.target.check()), repr(site.target), repr(site.http)]
    calls = (site.target.create_account(JOHN), site.target.create_account(JOHN), site.target.find_account("john"))
    for call in calls:
        try:
            told.append(repr(await call))
        except TargetError as error:
            told += [str(error), repr(error), error.remedy]
    return "\n".join(told) + repr(site.log)


@pytest.mark.parametrize("auth", [KNOWN, BasicAuth("manciple", "wrong-secret")])
async def test_no_credential_and_no_password_is_in_any_logged_exchange_or_message(auth: BasicAuth) -> None:
    async with crowd_site(Crowd(), auth=auth) as site:
        listening = site.breaking.app = Listening(site)
        told = await everything(site)
        assert [each for each in listening.passwords if each] != []
        encoded = auth.header().split()[1]
        assert not any(each in told for each in (auth.password, encoded, *filter(None, listening.passwords)))
        assert {exchange.request_headers["authorization"] for exchange in site.log} == {"Basic •••"}
