from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.exchange import Exchange
from core.planning.changes import Because, Change, ChangeKind
from core.scim.tolerances import TOLERANCES
from core.store import changes, exchanges
from core.store.effects import AT_MOST, Effects
from core.store.runs import Run
from tui.exchange_text import PARTS, effect_lines, lines_of, request_lines, response_lines, title
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
CHANGE = changes.Listed(
    *(
        5,
        12,
        "wiki",
        0,
        "add-member",
        "ada",
        "a1",
        "staff",
        "u1",
        "failed",
        1,
        AT,
        AT,
        "403: the group is read-only",
        77,
    ),
)
CALL = exchanges.Listed(
    *(78, "out", "wiki", AT, 40_000, "PUT", "/rest/api/user", 403, "ada", "read-only", "", 12, 5, 77),
)
RUN = Run(12, "wiki", "push", "1 key", "done", AT, AT, 1, 0, 1, 0, 4, None, None, None, None, None)


def texts(lines: Sequence[TextLine]) -> list[str]:
    return [line.text for line in lines]


def effect(exchange: Exchange, effects: Effects) -> list[str]:
    return texts(effect_lines(77, exchange, effects))


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


def test_an_inbound_effect_lists_changes_and_calls_with_numbers_to_filter_by() -> None:
    assert effect(INBOUND, Effects((CHANGE,), (CALL,))) == [
        "Changes it led to",
        "  change:5 run:12  wiki  add-member  ada, staff  failed",
        "    403: the group is read-only",
        "Calls it led to (filter cause:77)",
        "! id:78  10:27:47.302  wiki  PUT /rest/api/user  403  40 ms  read-only",
    ]


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (INBOUND, "no change at a target"),
        (replace(INBOUND, status=409), "refused"),
        (replace(INBOUND, method="GET"), "only reads"),
        (replace(INBOUND, method="POST", path="/Users/.search?x=1"), "only reads"),
    ],
)
def test_an_inbound_exchange_without_effect_says_why(exchange: Exchange, said: str) -> None:
    (line,) = effect(exchange, Effects())
    assert said in line


def test_a_long_effect_says_that_it_is_cut() -> None:
    assert effect(INBOUND, Effects((CHANGE,) * AT_MOST))[-1] == f"  Only the first {AT_MOST} are listed."
    assert not any("Only" in line for line in effect(INBOUND, Effects((CHANGE,) * 3)))


def test_an_outbound_effect_explains_the_change_the_run_and_the_cause() -> None:
    change = Change(ChangeKind.ADD_MEMBER, Because("Ada is in eng", "groups.map"), account="ada", group="staff")
    cause = replace(
        CALL, id=77, direction="in", party="entra", method="PATCH", path="/Users/42", status=200, outcome="ok"
    )
    assert effect(OUTBOUND, Effects(change=(CHANGE, change), run=RUN, cause=cause)) == [
        "The change it carried out",
        "  change:5 run:12  wiki  add-member  ada, staff  failed",
        "    403: the group is read-only",
        "  because: Ada is in eng",
        "  rule: groups.map",
        "run:12  wiki  push, 1 key, done",
        "The request that led to it (filter id:77)",
        "  id:77  10:27:47.302  entra  PATCH /Users/42  200  40 ms  ok",
    ]


def test_neighbours_that_are_no_longer_kept_are_named_all_the_same() -> None:
    assert effect(OUTBOUND, Effects()) == [
        "It carried out change:5, which the store no longer has.",
        "The request that led to it was id:77; the log no longer has it.",
    ]


def test_a_call_outside_any_run_says_so() -> None:
    (line,) = effect(replace(OUTBOUND, run=None, change=None, cause=None), Effects())
    assert "belongs to no run" in line


def test_every_tolerance_is_explained() -> None:
    headers = {"x-manciple-tolerances": ", ".join([*TOLERANCES, "of-tomorrow"])}
    lines = effect(replace(INBOUND, response_headers=headers), Effects())
    assert lines[1] == "Accepted although it is not strict SCIM"
    assert lines[2:-1] == [f"  {name}: {meaning}" for name, meaning in TOLERANCES.items()]
    assert lines[-1] == "  of-tomorrow: Unknown to this version."


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
