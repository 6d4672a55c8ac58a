"""Microsoft's SDK as what sends: it signs requests in, knows the clouds, and hands answers over as they came.

Loading it takes a third of a second, and its typed models five times that; they also cannot tell "null" from "not
told", which delta needs. So answers are taken raw (`NativeResponseHandler`), and the models never loaded. Its own
repeating is switched off: it waits without a word, and we show every wait (`core.graph.client`).
"""

from importlib.util import find_spec
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from core.config.graph_settings import GraphSettings
from core.graph.errors import GraphError
from core.graph.sign_in import base_url, scope, sign_in_failed


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

    def __init__(self, credential: Any, settings: GraphSettings, client: httpx.AsyncClient) -> None:
        from kiota_abstractions.native_response_handler import NativeResponseHandler
        from kiota_authentication_azure.azure_identity_authentication_provider import (
            AzureIdentityAuthenticationProvider,
        )
        from kiota_http.middleware.options import ResponseHandlerOption
        from msgraph.graph_request_adapter import GraphRequestAdapter

        self._settings, url = settings, base_url(settings)
        host = urlsplit(url).hostname or ""
        provider = AzureIdentityAuthenticationProvider(credential, scopes=[scope(settings)], allowed_hosts=[host])
        self._adapter = GraphRequestAdapter(provider, client)
        self._adapter.base_url = url
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
            raise sign_in_failed(error, self._settings) from None
        return response
