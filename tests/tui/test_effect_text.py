from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.exchange import Exchange
from core.planning.changes import Because, Change, ChangeKind
from core.scim.tolerances import TOLERANCES
from core.store import changes, exchanges
from core.store.effects import AT_MOST, Effects
from core.store.resource_log import LastShown
from core.store.runs import Run
from tui.effect_text import effect_lines
from tui.text_lines import TextLine

pytestmark = pytest.mark.usefixtures("utc")

AT = 1_787_567_267_302
INBOUND = Exchange(
    *("in", "entra", AT, 12_000, "PATCH", "/Users/42", 200, "ada", "ok", "192.0.2.1"),
    request_headers={"content-type": "application/scim+json"},
    request_body=b'{"Operations":[{"op":"replace","path":"active","value":true}]}',
    response_headers={"etag": 'W/"3"'},
    response_body=b'{"id":"42","active":true,"title":"Dr"}',
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


def test_an_inbound_effect_lists_changes_and_calls_with_numbers_to_filter_by() -> None:
    assert effect(INBOUND, Effects(changes=(CHANGE,), calls=(CALL,)))[2:] == [
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
    assert said in effect(exchange, Effects())[-1]


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
    lines = effect(replace(INBOUND, method="GET", response_headers=headers), Effects())
    assert lines[1] == "Accepted although it is not strict SCIM"
    assert lines[2:-1] == [f"  {name}: {meaning}" for name, meaning in TOLERANCES.items()]
    assert lines[-1] == "  of-tomorrow: Unknown to this version."


SHOWN = LastShown(71, {"id": "42", "active": False, "nickName": "a", "title": "Dr"})


def test_what_a_request_changed_is_told_against_how_the_log_last_showed_it() -> None:
    assert effect(INBOUND, Effects(before=SHOWN))[:3] == [
        "What it changed, since id:71 showed it",
        "~ active: false -> true",
        "It led to no change at a target: either none was needed, or it is not planned yet.",
    ]
    same = replace(INBOUND, response_body=b'{"id":"42","title":"Dr"}')
    assert effect(same, Effects(before=SHOWN))[1] == "  nothing that the log shows"
    masked = replace(INBOUND, response_body='{"id":"42","title":"Dr","phone":"•••"}'.encode())
    before = LastShown(71, {"id": "42", "title": "Dr", "phone": "•••"})
    assert effect(masked, Effects(before=before))[1].endswith("values shown as ••• cannot be compared")


def test_what_was_created_is_all_new() -> None:
    created = replace(INBOUND, method="POST", path="/Users", status=201)
    assert effect(created, Effects())[1:4] == ["What was created", "+ active: true", "+ title: Dr"]


def test_without_a_state_before_what_was_asked_for_is_told() -> None:
    lines = effect(replace(INBOUND, status=204, response_body=b""), Effects(before=SHOWN))
    assert lines[:2] == ["What it asked for; the log does not show the resource before", "  replace active: true"]


def test_what_was_deleted_is_said_to_be() -> None:
    assert effect(replace(INBOUND, method="DELETE", status=204), Effects())[0] == "The resource was deleted."


def test_what_was_refused_or_only_reads_changed_nothing_whatever_it_asked_for() -> None:
    assert len(effect(replace(INBOUND, status=409), Effects(before=SHOWN))) == 1
    assert len(effect(replace(INBOUND, method="GET"), Effects(before=SHOWN))) == 1


def test_a_change_is_told_with_what_differs_at_the_target() -> None:
    because = Because("Ada is in eng", "groups.map")
    before, after = {"email": "a@x", "active": True, "name": None}, {"email": "b@x", "active": True, "name": "Ada"}
    change = Change(ChangeKind.UPDATE_ACCOUNT, because, account="ada", before=before, after=after)
    lines = effect(INBOUND, Effects(changes=(CHANGE,), in_full={CHANGE.id: change}))
    assert lines[-2:] == ["    email: a@x -> b@x", "    name: (unknown) -> Ada"]
