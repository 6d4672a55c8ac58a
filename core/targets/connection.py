"""Why no answer came, in words: the network's and TLS's errors from inside the HTTP library, with the remedy."""

import socket
import ssl
from collections.abc import Iterator

import httpx

from core.targets.answer import NoAnswer

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def no_answer(error: httpx.RequestError | TimeoutError, host: str) -> NoAnswer:
    """What an error of the HTTP library means. Everything not known to have stayed here counts as sent."""
    if isinstance(error, httpx.ProxyError):
        return _not_reached(f"The proxy refuses the way to {host}.", "Check the proxy's address and its rules.")
    if isinstance(error, _NEVER_SENT):
        return _no_connection(error, host)
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return NoAnswer(
            True, "timed out", "No answer came in time.", "Look whether the product or a proxy is overloaded."
        )
    return NoAnswer(
        True, "connection lost", "The connection broke off.", "Look at the product, and at the proxies before it."
    )


def _no_connection(error: Exception, host: str) -> NoAnswer:
    causes = list(_causes(error))
    certificate = next((c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        text = f"The certificate of {host} is not trusted: {certificate.verify_message}."
        remedy = "Name the file of the authority that signed it in the target's ca_file."
        return NoAnswer(False, "not trusted", text, remedy, lasting=True)
    if any(isinstance(c, ssl.SSLError) for c in causes):
        return _not_reached(f"{host} does not speak TLS there.", "Check https and the port in the target's url.")
    if any(isinstance(c, socket.gaierror) for c in causes):
        return _not_reached(
            f"The name {host} cannot be resolved.", "Check the target's url, and this machine's name service."
        )
    if isinstance(error, httpx.TimeoutException):
        return _not_reached(f"{host} cannot be reached in time.", "Check the network and the firewalls on the way.")
    return _not_reached(
        f"{host} refuses the connection.", "Check the port in the target's url, and that the product is running."
    )


def _not_reached(text: str, remedy: str) -> NoAnswer:
    return NoAnswer(False, "not reached", text, remedy)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what caused it, and what caused that, through groups too."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
