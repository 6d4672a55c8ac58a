"""The demonstration without a console, as a stranger would run it: the whole path, with real processes."""

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from core.sandbox.demo.agreement import Comparison, differences
from core.sandbox.entra import ProvisionedGroup, ProvisionedUser
from core.sandbox.entra import Snapshot as EntraSnapshot
from core.sandbox.faults import Fault
from core.sandbox.views import AccountView, Snapshot


def demo(*arguments: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "core.cli", "demo", "--no-console", "--json", *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert finished.stdout, finished.stderr
    document: dict[str, Any] = json.loads(finished.stdout)
    return finished.returncode, document


@pytest.mark.slow
def test_both_sides_agree_after_an_initial_and_an_incremental_cycle() -> None:
    code, document = demo("--users", "80", "--seed", "3")
    assert (code, document["agree"], document["differences"]) == (0, True, [])
    assert [cycle["cycle"] for cycle in document["pushed"]] == ["initial", "incremental"]
    assert all(cycle["failures"] == 0 for cycle in document["pushed"])
    assert document["planned"] == document["applied"]
    assert document["applied"]["create-account"] + document["applied"]["link-account"] > 70
    assert document["applied"]["add-member"] > 200
    assert [document[product]["accounts"] > 20 for product in ("confluence", "jira", "bitbucket")] == [True] * 3


@pytest.mark.slow
def test_what_a_leaver_leads_is_handed_over_in_jira() -> None:
    code, document = demo("--users", "20", "--seed", "5")
    assert (code, document["differences"]) == (0, [])
    assert document["leaver"] is not None
    assert document["applied"]["move-lead"] == 7


@pytest.mark.slow
def test_the_same_company_pulled_over_graph_arrives_too() -> None:
    pytest.importorskip("msgraph")
    code, document = demo("--users", "20", "--seed", "5", "--method", "graph")
    assert (code, document["differences"]) == (0, [])
    assert document["applied"]["move-lead"] == 7
    assert document["pulled"]["requests"] > 0


@pytest.mark.slow
def test_a_company_of_one_is_provisioned_too() -> None:
    code, document = demo("--users", "1")
    assert (code, document["differences"], document["leaver"]) == (0, [], None)


@pytest.mark.slow
def test_both_sides_agree_with_every_fault_switched_on() -> None:
    code, document = demo("--users", "8", "--faults", "2")
    assert (code, document["agree"], document["differences"]) == (0, True, [])
    assert sum(document["faults_met"].values()) > 20
    assert set(document["faults_met"]) == set(Fault)


def sides(
    *, active: bool = True, name: str = "Ada", member: bool = True, account: AccountView | None = None
) -> Comparison:
    user = ProvisionedUser("u1", "Ada@contoso.example", active, "Ada", "ada@contoso.example")
    group = ProvisionedGroup("g1", "Crew", frozenset({"u1"}))
    there = account or AccountView("ada@contoso.example", name, "ada@contoso.example", True)
    members = frozenset({("Crew", there.username)}) if member else frozenset()
    return Comparison(
        "Confluence",
        EntraSnapshot({"u1": user}, {"g1": group}),
        Snapshot((there,), ("Crew",), members),
        Snapshot((), (), frozenset()),
        {"u1": "ada@contoso.example"},
        frozenset(),
    )


def test_sides_that_are_alike_agree() -> None:
    assert differences(sides()) == []


def test_who_is_out_of_scope_needs_no_account() -> None:
    nobody = replace(sides(), there=Snapshot((), ("Crew",), frozenset()), links={}, scope_group="Crew")
    assert any("has no account" in each for each in differences(nobody))
    assert differences(replace(nobody, scope_group="Others")) == []


def test_a_group_that_feeds_no_group_there_is_not_missed() -> None:
    apart = replace(sides(member=False), there=replace(sides().there, groups=(), memberships=frozenset()))
    assert differences(replace(apart, maps=lambda group: frozenset())) == []


@pytest.mark.parametrize(
    ("comparison", "difference"),
    [
        (sides(name="Ada L."), "is called 'Ada L.'"),
        (sides(active=False), "is inactive at Entra"),
        (sides(member=False), "is in crew at Entra, and not in Confluence"),
        (replace(sides(), entra=EntraSnapshot({}, {})), "is deleted at Entra, and the Confluence account is active"),
        (replace(sides(), there=replace(sides().there, groups=())), "the group Crew is at Entra"),
        (replace(sides(), conflict_kinds=frozenset({"C06"})), "a conflict of kind C06"),
        (sides(account=AccountView("eve", "Eve", "eve@x.example", True)), "belongs to no user"),
        (sides(account=AccountView("eve", "Eve", "eve@x.example", True)), "has no account"),
    ],
)
def test_a_difference_is_told(comparison: Comparison, difference: str) -> None:
    assert any(difference in each for each in differences(comparison))
