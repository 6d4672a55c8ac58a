import base64
import json
import subprocess
import sys
import urllib.request
from typing import Any

from running import Run

from core.sandbox.directory import Directory


def asked(url: str, application: str, path: str) -> Any:
    headers = {
        "Authorization": "Basic " + base64.b64encode(application.encode()).decode(),
        "Accept": "application/json",
    }
    request = urllib.request.Request(f"{url}/rest/usermanagement/1/{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_crowd_listens_with_the_first_people_of_the_company_to_one_application() -> None:
    company = Directory.seeded(30, seed=4)
    people = [company.person(ident).user_principal_name.lower() for ident in company.people][:5]
    arguments = ["sandbox", "crowd", "--port", "0", "--users", "5", "--seed", "4", "--version", "5.2"]
    command = [sys.executable, "-m", "core.cli", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "Crowd 5.2" in process.stdout.readline()
            url = process.stdout.readline().split()[1]
            _, name, _, password = process.stdout.readline().split()
            users = asked(url, f"{name.rstrip(',')}:{password}", "search?entity-type=user")["users"]
        finally:
            process.kill()
    assert sorted(user["name"] for user in users) == sorted(people)


def test_a_version_that_is_none_is_told(run: Run) -> None:
    result = run("sandbox", "crowd", "--version", "six", config=None)
    assert (result.code, result.error.strip()) == (
        2,
        "manciple: --version: 'six' is not a version; write it as 9.4 or 9.4.1",
    )
