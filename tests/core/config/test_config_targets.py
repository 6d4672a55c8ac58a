"""The keys of a `[[target]]` itself; those of its rules have files of their own."""

from pathlib import Path

import pytest

from core.config import ScheduleSettings, TargetSettings
from core.credentials import SecretReference
from core.planning.rules import TargetRules

from .conftest import PROVIDER, TARGET, Load, OnlyProblem

JIRA = TARGET.replace('"confluence"', '"jira"')


def test_a_target_needs_only_its_name_kind_url_provider_and_credential(load: Load) -> None:
    (target,) = load(PROVIDER + TARGET).targets
    assert target == TargetSettings(
        name="wiki",
        kind="confluence",
        url="https://wiki.example.com",
        credential=SecretReference("env", "WIKI_TOKEN"),
        provider="entra",
        username=None,
        ca_file=None,
        in_flight=8,
        rules=TargetRules(),
        schedule=ScheduleSettings(every=3600, auto_apply="within-brakes"),
    )


def test_every_key_of_a_target_is_read(load: Load, tmp_path: Path) -> None:
    keys = """
        username = "svc-manciple"
        ca_file = "ca.pem"
        in_flight = 2
        directory = "Staff"
        [target.schedule]
        every = "5m"
        auto_apply = "never"
        """
    (target,) = load(PROVIDER + TARGET + keys).targets
    assert (target.directory, target.applications) == ("Staff", None)
    assert (target.username, target.ca_file, target.in_flight) == ("svc-manciple", tmp_path / "ca.pem", 2)
    assert target.schedule == ScheduleSettings(every=300, auto_apply="never")


@pytest.mark.parametrize(("written", "read"), [('["jira-software"]', ("jira-software",)), ("[]", ())])
def test_applications_are_those_that_new_accounts_of_jira_get(load: Load, written: str, read: tuple[str, ...]) -> None:
    (target,) = load(f"{PROVIDER}{JIRA}applications = {written}").targets
    assert (target.kind, target.applications) == ("jira", read)


def test_only_jira_has_applications(only_problem: OnlyProblem) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}applications = []")
    assert (problem.key, problem.message) == ("target.applications", "confluence has no applications")
