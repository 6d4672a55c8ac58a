"""The keys of a `[[target]]` itself; those of its rules have files of their own."""

from datetime import date
from pathlib import Path

import pytest

from core.config import ScheduleSettings, TargetSettings
from core.credentials import SecretReference
from core.planning.rules import TargetRules

from .conftest import PROVIDER, TARGET, Load, OnlyProblem

JIRA = TARGET.replace('"confluence"', '"jira"')
CROWD = TARGET.replace('"confluence"', '"crowd"')
CLOUD = TARGET.replace('"confluence"', '"cloud"')


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


def test_crowd_is_called_as_an_application(load: Load, only_problem: OnlyProblem) -> None:
    (target,) = load(f'{PROVIDER}{CROWD}username = "manciple"').targets
    assert (target.kind, target.username) == ("crowd", "manciple")
    problem = only_problem(f"{PROVIDER}{CROWD}")
    assert (problem.key, problem.message) == ("target.username", "crowd needs the name of an application")


def test_the_directory_of_a_crowd_is_chosen_by_its_application(only_problem: OnlyProblem) -> None:
    problem = only_problem(f'{PROVIDER}{CROWD}username = "manciple"\ndirectory = "Staff"')
    assert problem.key == "target.directory"
    assert problem.remedy == "Take it out, and map that directory alone to the application in Crowd"


def test_the_api_key_of_a_cloud_has_a_last_day(load: Load, only_problem: OnlyProblem) -> None:
    (target,) = load(f'{PROVIDER}{CLOUD}credential_expires = "2027-01-31"').targets
    assert (target.kind, target.credential_expires) == ("cloud", date(2027, 1, 31))
    problem = only_problem(f'{PROVIDER}{CLOUD}credential_expires = "31.1.2027"')
    assert problem.remedy == 'Write year, month and day, like "2027-01-31"'
    problem = only_problem(f'{PROVIDER}{TARGET}credential_expires = "2027-01-31"')
    assert (problem.key, problem.message) == ("target.credential_expires", "confluence is not checked for it")


@pytest.mark.parametrize("key", ["username", "directory"])
def test_the_directory_of_a_cloud_stands_in_its_url_and_its_key_has_no_name(
    only_problem: OnlyProblem, key: str
) -> None:
    problem = only_problem(f'{PROVIDER}{CLOUD}{key} = "acme"')
    assert problem.key == f"target.{key}"
    assert problem.remedy.startswith("Take it out")
