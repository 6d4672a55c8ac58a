"""A bulk request taken apart and put together again, whatever it holds; tests/conformance has what is done with it."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scim2_server.requests import ScimRequest

from core.scim.answers import Answer, Refused, error
from core.scim.bulk import Document, run_bulk, strict_bulk

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BASE = "https://scim.example.com/scim/entra/v2"
REQUEST = ScimRequest("POST", BASE, "/Bulk")
_VALUES = st.sampled_from(
    [None, True, 7, "", "a", "bulkId:a", "bulkId:", "POST", "PATCH", "delete", "/Users", "/Users/gone",
     "/groups/bulkId:a", "/Me", "/Bulk", [], {}, [{}], {"members": [{"value": "bulkId:a"}]}, {"x": {"y": ["bulkId:b"]}}]
)  # fmt: skip
_NAMES = st.sampled_from(
    ["method", "METHOD", "path", "bulkId", "version", "data", "response", "status", "location", "x"]
)
_OPERATIONS = st.lists(st.one_of(_VALUES, st.dictionaries(_NAMES, _VALUES)), min_size=1, max_size=6)


class Performed:
    """Answers every request, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []

    def __call__(self, request: ScimRequest, document: Document | None) -> Answer:
        self.asked.append((request.method, request.path, document))
        if request.path.endswith("/gone"):
            return error(404, "there is no such resource")
        location = f"{BASE}{request.path}/{len(self.asked)}"
        return Answer(201, b"{}", {"Location": location}) if request.method == "POST" else Answer(204, b"")


def as_it_is(method: str, path: str, document: Document) -> Document:
    return document


def run(operations: list[Any], **more: Any) -> tuple[list[Document], Performed]:
    perform = Performed()
    strict = strict_bulk({"schemas": [BULK], "Operations": operations, **more}, as_it_is)
    answer = run_bulk(REQUEST, strict, perform)
    assert answer.status == 200
    return orjson.loads(answer.body)["Operations"], perform


@settings(max_examples=300, deadline=None)
@given(operations=_OPERATIONS, limit=st.one_of(st.none(), st.integers(1, 3)))
def test_each_operation_that_ran_has_a_complete_result(operations: list[Any], limit: int | None) -> None:
    results, perform = run(operations, failOnErrors=limit)
    failed = [result for result in results if result["status"] >= "400"]
    assert len(results) == len(operations) if limit is None else len(failed) <= limit
    for result in results:
        assert (result in failed) == ("response" in result)
        assert "location" in result or result.get("method") == "POST"
    for method, path, document in perform.asked:
        assert method in ("POST", "PUT", "PATCH", "DELETE")
        assert path.startswith(("/Users", "/Groups"))
        assert "bulkId:a" not in path or not any(r.get("bulkId") == "a" and r["status"] == "201" for r in results)
        assert (document is None) == (method == "DELETE")


def test_a_bulk_id_is_put_into_every_place_that_refers_to_it() -> None:
    data = {"members": [{"value": "bulkId:a"}], "note": "see bulkId:a"}
    results, perform = run(
        [
            {"method": "PUT", "path": "/Groups/bulkId:a", "data": data},
            {"method": "POST", "path": "/Groups", "bulkId": "a", "data": {}},
        ]
    )
    assert perform.asked == [
        ("POST", "/Groups", {}),
        ("PUT", "/Groups/1", {"members": [{"value": "1"}], "note": "see bulkId:a"}),
    ]
    assert [result["method"] for result in results] == ["PUT", "POST"]


@pytest.mark.parametrize("document", [{}, {"schemas": [BULK]}, {"schemas": BULK, "Operations": [{}]}])
def test_what_is_no_bulk_request_is_refused_before_anything_is_done(document: Document) -> None:
    with pytest.raises(Refused) as refused:
        strict_bulk(document, as_it_is)
    assert refused.value.answer.status == 400


def test_a_body_that_is_no_object_is_refused() -> None:
    with pytest.raises(Refused):
        run_bulk(REQUEST, None, Performed())
