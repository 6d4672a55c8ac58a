"""Microsoft's SDK as what sends: it signs requests in, knows the clouds, and hands answers over as they came.

Loading it takes a third of a second, and its typed models five times that; they also cannot tell "null" from "not
told", which delta needs. So answers are taken raw (`NativeResponseHandler`), and the models never loaded. Its own
repeating is switched off: it waits without a word, and we show every wait (`core.graph.client`).
"""

from importlib.util import find_spec
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from core.graph.errors import GraphError, SignInFailed


class Sender(Protocol):
    """Sends a request, signed in, and gives the answer whatever its status."""

    async def send(self, method: str, url: str, headers: dict[str, str]) -> httpx.Response:
        """The answer.

        :raises httpx.RequestError: when none came.
        :raises SignInFailed: when no access token is to be had.
        """


def check_installed() -> None:
    """Look for the SDK without loading it.

    :raises GraphError: when it is not there.
    """
    if any(find_spec(name) is None for name in ("msgraph", "azure")):
        raise GraphError(
            "Microsoft's SDK is not installed, and a pull needs it.", "Install it: pip install 'manciple[graph]'"
        )


class SdkSender:
    """Sends through `msgraph.GraphRequestAdapter`, over a client of ours."""

    def __init__(self, credential: Any, base_url: str, scope: str, client: httpx.AsyncClient) -> None:
        from kiota_abstractions.native_response_handler import NativeResponseHandler
        from kiota_authentication_azure.azure_identity_authentication_provider import (
            AzureIdentityAuthenticationProvider,
        )
        from kiota_http.middleware.options import ResponseHandlerOption
        from msgraph.graph_request_adapter import GraphRequestAdapter

        host = urlsplit(base_url).hostname or ""
        provider = AzureIdentityAuthenticationProvider(credential, scopes=[scope], allowed_hosts=[host])
        self._adapter = GraphRequestAdapter(provider, client)
        self._adapter.base_url = base_url
        self._raw = ResponseHandlerOption(NativeResponseHandler())

    async def send(self, method: str, url: str, headers: dict[str, str]) -> httpx.Response:
        """See `Sender`."""
        from azure.core.exceptions import ClientAuthenticationError
        from kiota_abstractions.method import Method
        from kiota_abstractions.request_information import RequestInformation

        request = RequestInformation()
        request.http_method = Method[method]
        request.url = url
        for name, value in headers.items():
            request.headers.add(name, value)
        request.add_request_options([self._raw])
        try:
            response: httpx.Response = await self._adapter.send_primitive_async(request, "bytes", {})
        except ClientAuthenticationError as error:
            text = str(error.message).partition("\n")[0]
            remedy = "Check tenant, client_id and the credential in [provider.graph]."
            raise SignInFailed(f"Entra gives no access token: {text}", remedy) from None
        return response
