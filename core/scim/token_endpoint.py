"""The OAuth 2.0 token endpoint: a client's id and secret for an access token (RFC 6749 §4.4).

Entra's gallery accepts nothing else. Each exchange is in the log of the provider, without the form and with the access
token masked; a failed one waits like any other failed attempt.
"""

from collections.abc import Mapping

import orjson
from starlette.types import Receive

from core.redaction import Bodies
from core.scim.answers import Answer
from core.scim.receiving import Received, with_body
from core.scim.recording import exchange_of
from core.scim.slowing import Slowing
from core.scim.token_request import Code, TokenError, TokenRequest, token_request
from core.store import Store, Transaction, oauth_clients, tokens
from core.store.tokens import Token

PATH = "oauth/token"
"""Behind the provider's name, beside the version of the protocol."""

_HEADERS: Mapping[str, str] = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
}
"""RFC 6749 §5.1."""


def provider_of(path: str) -> str | None:
    """The provider whose token endpoint a URL's path means; None where it means something else."""
    parts = [part for part in path.split("/") if part]
    is_endpoint = len(parts) == 4 and parts[0].lower() == "scim" and "/".join(parts[2:]).lower() == PATH
    return parts[1] if is_endpoint else None


class TokenEndpoint:
    """The endpoint of all providers."""

    def __init__(self, store: Store, slowing: Slowing, bodies: Bodies, body_seconds: float) -> None:
        self._store = store
        self._slowing = slowing
        self._bodies = bodies
        self._body_seconds = body_seconds

    async def answer(self, received: Received, receive: Receive) -> Answer:
        """The answer, logged.

        :raises Refused, ClientGone: as `with_body`.
        :raises StoreError: when the store cannot be read or written.
        """
        with_form = await with_body(received, receive, self._body_seconds)
        try:
            if received.request.method != "POST":
                return self._logged(received, _error(405, "invalid_request", "use POST", {"Allow": "POST"}))
            return await self._granted(received, _read(with_form))
        except TokenError as error:
            await self._slowing.failed(received.client)
            return self._logged(received, _refused(error, received))

    async def _granted(self, received: Received, asked: TokenRequest) -> Answer:
        with self._store.read() as connection:
            client = _client(tokens.known(connection), received, asked)
        return await self._store.writer.write(lambda tx: self._grant(tx, received, client))

    def _grant(self, tx: Transaction, received: Received, client: Token) -> Answer:
        granted = oauth_clients.grant(tx, client)
        tokens.note_use(tx, client.id)
        document = {"access_token": granted.token, "token_type": "Bearer", "expires_in": granted.seconds}
        answer = Answer(200, orjson.dumps(document), _HEADERS)
        tx.log(exchange_of(received, answer, self._bodies))
        return answer

    def _logged(self, received: Received, answer: Answer) -> Answer:
        self._store.writer.log(exchange_of(received, answer, self._bodies))
        return answer


def _read(received: Received) -> TokenRequest:
    header = received.request.header
    return token_request(header("Content-Type") or "", header("Authorization") or "", received.body)


def _client(known: list[tokens.Known], received: Received, asked: TokenRequest) -> Token:
    """The client that the secret is of. All secrets are compared, each in constant time.

    :raises TokenError: where it is not this provider's, or no longer lives.
    """
    digest = tokens.digest_of(asked.secret)
    found = [each.token for each in known if each.has(digest) and each.token.kind == "client"]
    client = next((each for each in found if each.prefix == asked.client_id), None)
    if client is None:
        raise TokenError("invalid_client", "client id or secret is wrong: enter both as they were issued")
    if client.provider != received.provider:
        raise TokenError("invalid_client", "this client belongs to another provider: compare the token endpoint")
    if not client.is_live(received.at):
        what = "was revoked" if client.revoked_at is not None else "has expired"
        issue = f"manciple token issue {received.provider} --oauth"
        raise TokenError("invalid_client", f"this client {what}: enter a new one of `{issue}`")
    return client


def _refused(error: TokenError, received: Received) -> Answer:
    if error.code != "invalid_client":
        return _error(400, error.code, error.description)
    return _error(401, error.code, error.description, {"WWW-Authenticate": 'Basic realm="manciple", charset="UTF-8"'})


def _error(status: int, code: Code, description: str, headers: Mapping[str, str] | None = None) -> Answer:
    body = orjson.dumps({"error": code, "error_description": description})
    return Answer(status, body, {**_HEADERS, **(headers or {})})
