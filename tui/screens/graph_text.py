"""The settings of a provider that is pulled over Microsoft Graph, in words: whose directory, as whom, and how often."""

from collections.abc import Mapping

from core.config.graph_settings import GraphSettings
from tui.times import SECOND, span


def graph_settings(graph: GraphSettings) -> Mapping[str, str]:
    """What is shown of them, by label. Of a secret only where it lies."""
    scope = graph.scope if isinstance(graph.scope, str) else ", ".join(graph.scope)
    nested, guests = ", groups inside groups too" if graph.nested else "", "" if graph.guests else ", no guests"
    shown = {
        "tenant": graph.tenant,
        "client": graph.client_id,
        "signs in": _signs_in(graph),
        "scope": f"{scope}{nested}{guests}",
        "pulled": f"every {span(graph.every * SECOND)}" if graph.every is not None else "only when asked",
    }
    return {label: text for label, text in shown.items() if text}


def _signs_in(graph: GraphSettings) -> str:
    if graph.credential is not None:
        return f"with the client secret {graph.credential}"
    if graph.certificate is not None:
        return f"with the certificate {graph.certificate}"
    if graph.workload_identity is not None:
        return f"as a federated workload, {graph.workload_identity}"
    if graph.token is not None:
        return f"with the token {graph.token}"
    return "as this machine" if graph.managed_identity else "as whoever signed in on the command line"
