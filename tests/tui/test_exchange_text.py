from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.exchange import Exchange
from core.store.effects import Effects
from tui.exchange_text import PARTS, lines_of, request_lines, response_lines, title
from tui.text_lines import TextLine

pytestmark = pytest.mark.usefixtures("utc")

AT = 1_787_567_267_302
INBOUND = Exchange(
    *("in", "entra", AT, 12_000, "PATCH", "/Users/42", 200, "ada", "ok", "192.0.2.1"),
    request_headers={"content-type": "application/scim+json"},
    request_body=b'{"active":true}',
    response_headers={"etag": 'W/"3"'},
    response_body=b'{"id":"42"}',
)
OUTBOUND = Exchange(
    "out", "wiki", AT, 12_000, "PUT", "/rest/api/user", 403, "ada", "read-only", run=12, change=5, cause=77
)


def texts(lines: Sequence[TextLine]) -> list[str]:
    return [line.text for line in lines]


def test_a_request_is_its_line_its_origin_its_headers_and_its_body() -> None:
    assert texts(request_lines(INBOUND)) == [
        "PATCH /Users/42",
        "from entra, 192.0.2.1, 2026-08-24 10:27:47.302",
        "content-type: application/scim+json",
        "",
        "{",
        '  "active": true',
        "}",
    ]
    assert texts(request_lines(OUTBOUND))[1] == "to wiki, 2026-08-24 10:27:47.302"


def test_a_response_is_its_status_how_long_it_took_its_headers_and_its_body() -> None:
    assert texts(response_lines(INBOUND))[:3] == ["200 ok", "12 ms", 'etag: W/"3"']
    assert texts(response_lines(OUTBOUND))[-1] == "no body"


@pytest.mark.parametrize(("status", "kind"), [(200, "good"), (302, "good"), (404, "warning"), (500, "bad")])
def test_the_status_is_styled_by_its_class(status: int, kind: str) -> None:
    assert response_lines(replace(INBOUND, status=status))[0].kind == kind


def test_no_answer_says_why() -> None:
    assert texts(response_lines(replace(OUTBOUND, status=None, outcome="timed out")))[0] == "no answer: timed out"


def test_a_body_that_is_no_json_stays_as_it_is() -> None:
    lines = request_lines(replace(INBOUND, request_body=b"<html>\n\xff</html>"))
    assert texts(lines)[-2:] == ["<html>", "\ufffd</html>"]
    assert lines[-1].kind == "plain"


def test_only_the_effect_reads_anything() -> None:
    read: list[str] = []

    def effects() -> Effects:
        read.append("effects")
        return Effects()

    for part in PARTS:
        assert lines_of(part, 77, INBOUND, effects)
    assert read == ["effects"]


def test_the_title_brackets_the_part_that_is_shown() -> None:
    assert title(77, INBOUND, "Response") == "77 PATCH 200  Request [Response] Effect "
    assert title(77, replace(INBOUND, status=None), "Request").startswith("77 PATCH no answer [Request]")
