"""Entra's log beside ours: a lost request, a stranger's, and an outcome that the two sides do not agree upon."""

import pytest

from core.graph.beside import LAG, NEAR, Beside, lay_beside
from core.graph.provisioning_log import LogRow, Status, log_row
from core.sandbox.graph import ENTERPRISE_APP, ProvisioningRow
from core.store.scim_writes import ScimWrite

AT = 1_780_000_000_000
LATER = AT + LAG + NEAR


def row(target: str = "t-1", at: int = AT, status: Status = "success", name: str = "ada", kind: str = "User") -> LogRow:
    return LogRow(at, "update", status, kind, f"entra {name}", name, target, names=(name,))


def write(
    resource: str = "t-1", at: int = AT - 400, status: int | None = 200, subject: str = "ada", **more: object
) -> ScimWrite:
    values = {"exchange": 7, "method": "PATCH", "kind": "User", **more}
    return ScimWrite(at=at, resource=resource, subject=subject, status=status, **values)  # type: ignore[arg-type]


def verdicts(pairs: list[Beside]) -> list[str]:
    return [each.verdict for each in pairs]


def test_a_request_belongs_to_the_row_of_its_resource() -> None:
    (pair,) = lay_beside([row()], [write()], LATER)
    assert (pair.verdict, pair.says) == ("agree", "")
    assert pair.writes[0].exchange == 7


def test_what_entra_exported_and_never_came_is_told() -> None:
    (pair,) = lay_beside([row()], [], LATER)
    assert pair.verdict == "entra only"
    assert "No such request came here: look at proxies" in pair.says


def test_what_entra_knows_nothing_of_is_told_once_its_log_is_there() -> None:
    assert verdicts(lay_beside([], [write()], AT + LAG // 2)) == ["awaited"]
    (pair,) = lay_beside([], [write()], LATER)
    assert pair.verdict == "here only"
    assert "who else sends with a token" in pair.says


def test_an_outcome_that_the_sides_see_differently_is_told() -> None:
    assert verdicts(lay_beside([row(status="failure")], [write()], LATER)) == ["differ"]
    assert verdicts(lay_beside([row()], [write(status=500)], LATER)) == ["differ"]
    assert verdicts(lay_beside([row(status="failure")], [write(status=409)], LATER)) == ["agree"]


def test_a_retry_that_went_well_counts_and_not_the_failure_before() -> None:
    first, second = write(status=503, at=AT - 5000), write(at=AT - 400, exchange=8)
    (pair,) = lay_beside([row()], [first, second], LATER)
    assert pair.verdict == "agree"
    assert len(pair.writes) == 2


def test_several_requests_may_belong_to_one_row() -> None:
    parts = [write("g-1", AT - 900 + n, kind="Group", subject="Wiki", exchange=n) for n in range(3)]
    (pair,) = lay_beside([row("g-1", name="Wiki", kind="Group")], parts, LATER)
    assert len(pair.writes) == 3


def test_of_several_changes_of_one_user_the_nearest_counts() -> None:
    rows = [row(at=AT), row(at=AT + 60_000)]
    pairs = lay_beside(rows, [write(at=AT + 59_000), write(at=AT - 100)], LATER)
    assert verdicts(pairs) == ["agree", "agree"]
    assert [each.writes[0].at for each in pairs] == [AT - 100, AT + 59_000]


def test_a_request_too_far_away_in_time_belongs_to_nobody() -> None:
    pairs = lay_beside([row()], [write(at=AT - NEAR - 1)], LATER)
    assert verdicts(pairs) == ["here only", "entra only"]


def test_what_has_no_id_yet_is_known_by_its_name() -> None:
    failed = write("", status=409, subject="ADA", method="POST")
    assert verdicts(lay_beside([row(target="", status="failure")], [failed], LATER)) == ["agree"]


def test_a_user_and_a_group_of_one_name_are_two() -> None:
    pairs = lay_beside([row("", name="wiki", kind="Group")], [write("", subject="wiki", method="POST")], LATER)
    assert sorted(verdicts(pairs)) == ["entra only", "here only"]


def test_what_entra_skipped_or_never_exported_is_left_out() -> None:
    skipped = ProvisioningRow("u-1", "ada", "t-1", status="skipped")
    assert lay_beside([log_row(skipped.document("t", ENTERPRISE_APP, "2026-03-01T10:00:00Z"))], [], LATER) == []


@pytest.mark.parametrize(
    "hostile", [{}, {"activityDateTime": "soon", "sourceIdentity": None, "provisioningSteps": None}]
)
def test_a_row_that_says_nothing_is_read_all_the_same(hostile: dict[str, object]) -> None:
    assert log_row(hostile).is_export is False


def test_a_row_is_read_as_graph_tells_it() -> None:
    told = ProvisioningRow(
        "u-1", "Ada", "t-1", action="create", status="failure", error_code="TooManyRequests", reason="Slow down",
        at="2026-03-01T10:00:00Z",
    )  # fmt: skip
    found = log_row(told.document("t", ENTERPRISE_APP, ""))
    assert (found.action, found.status, found.kind, found.source, found.target) == (
        "create", "failure", "User", "u-1", "t-1",
    )  # fmt: skip
    assert found.at == 1_772_359_200_000
    assert found.error == "TooManyRequests: Slow down"
    assert found.names == ("ada",)
