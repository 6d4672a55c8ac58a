"""The demonstration without a console, as a stranger would run it: the whole path, with real processes."""

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from core.sandbox.confluence import AccountView
from core.sandbox.confluence import Snapshot as ConfluenceSnapshot
from core.sandbox.demo.agreement import Comparison, differences
from core.sandbox.entra import ProvisionedGroup, ProvisionedUser
from core.sandbox.entra import Snapshot as EntraSnapshot


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


@pytest.mark.slow
def test_both_sides_agree_with_every_fault_switched_on() -> None:
    code, document = demo("--users", "8", "--faults", "5")
    assert (code, document["agree"], document["differences"]) == (0, True, [])
    assert sum(document["faults_met"].values()) > 20


def sides(
    *, active: bool = True, name: str = "Ada", member: bool = True, account: AccountView | None = None
) -> Comparison:
    user = ProvisionedUser("u1", "Ada@contoso.example", active, "Ada", "ada@contoso.example")
    group = ProvisionedGroup("g1", "Crew", frozenset({"u1"}))
    there = account or AccountView("ada@contoso.example", name, "ada@contoso.example", True)
    members = frozenset({("Crew", there.username)}) if member else frozenset()
    nobody = ConfluenceSnapshot((), (), frozenset())
    return Comparison(
        EntraSnapshot({"u1": user}, {"g1": group}),
        ConfluenceSnapshot((there,), ("Crew",), members),
        nobody,
        {"u1": "ada@contoso.example"},
        frozenset(),
    )


def test_sides_that_are_alike_agree() -> None:
    assert differences(sides()) == []


@pytest.mark.parametrize(
    ("comparison", "difference"),
    [
        (sides(name="Ada L."), "is called 'Ada L.'"),
        (sides(active=False), "is inactive at Entra"),
        (sides(member=False), "is in crew at Entra, and not in Confluence"),
        (replace(sides(), entra=EntraSnapshot({}, {})), "is deleted at Entra, and the account is active"),
        (replace(sides(), confluence=replace(sides().confluence, groups=())), "the group Crew is at Entra"),
        (replace(sides(), conflict_kinds=frozenset({"C06"})), "a conflict of kind C06"),
        (sides(account=AccountView("eve", "Eve", "eve@x.example", True)), "belongs to no user"),
        (sides(account=AccountView("eve", "Eve", "eve@x.example", True)), "has no account"),
    ],
)
def test_a_difference_is_told(comparison: Comparison, difference: str) -> None:
    assert any(difference in each for each in differences(comparison))
