"""JSON-RPC, the fallback for old versions, behind the administrator's switch "Remote API (XML-RPC & SOAP)".

Every answer to somebody logged in is HTTP 200, errors too. The light form takes the bare parameters at a path that
names the method, and answers the bare result.

Source: Atlassian, "Confluence JSON-RPC APIs".
"""

from starlette.responses import Response

from core.sandbox.answers import Instead, Json, page
from core.sandbox.confluence.access import access_of, check_writable
from core.sandbox.confluence.answers import Refusal
from core.sandbox.confluence.endpoint import Access, Call, Endpoint
from core.sandbox.confluence.jsonrpc_methods import METHODS, WrongParameters
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.state import State

_SERVICE = "/rpc/json-rpc/confluenceservice-v2"


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The JSON-RPC service in both forms."""
    known = Access.KNOWN
    return [
        Endpoint("POST", _SERVICE, _call, known, takes_json=True, checks_mode_itself=True),
        Endpoint("POST", f"{_SERVICE}/{{method}}", _light_call, known, takes_json=True, checks_mode_itself=True),
    ]


class _Fault(Exception):
    """A failed call, as JSON-RPC tells it."""


def _call(call: Call) -> Response:
    _check_switch(call.state)
    body = call.body if isinstance(call.body, dict) else {}
    envelope = {"jsonrpc": "2.0", "id": body.get("id")}
    try:
        return Json(envelope | {"result": _invoke(call, body.get("method"), body.get("params", []))})
    except _Fault as fault:
        return Json(envelope | {"error": _error(fault)})


def _light_call(call: Call) -> Response:
    _check_switch(call.state)
    try:
        return Json(_invoke(call, call.path["method"], call.body))
    except _Fault as fault:
        return Json({"error": _error(fault)})


def _check_switch(state: State) -> None:
    if state.settings.remote_api:
        return
    if state.quirks.remote_api_off == "html":
        raise page(200, "Remote API is not enabled")
    raise Refusal(403, "Remote API is not enabled.")


def _invoke(call: Call, name: object, params: object) -> object:
    method = METHODS.get(name) if isinstance(name, str) else None
    if method is None or not isinstance(params, list):
        raise _Fault(f"No such method: {name}")
    if access_of(call.state, call.caller) < method.access:
        raise _Fault(f"You are not permitted to call {name}")
    try:
        if method.writes:
            check_writable(call.state)
        return method.work(call.state, params)
    except Instead as refusal:
        raise _Fault(str(refusal)) from refusal
    except WrongParameters as error:
        raise _Fault(f"Wrong parameters for {name}") from error


def _error(fault: _Fault) -> dict[str, object]:
    return {"code": 500, "message": f"com.atlassian.confluence.rpc.RemoteException: {fault}"}
