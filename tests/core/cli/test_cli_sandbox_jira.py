import json
import subprocess
import sys
import urllib.request

from running import Run

from core.sandbox.directory import Directory


def asked(url: str, token: str, path: str) -> object:
    request = urllib.request.Request(f"{url}/rest/api/2/{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_jira_listens_with_the_first_people_of_the_company_who_lead_projects() -> None:
    company = Directory.seeded(30, seed=4)
    people = [company.person(ident).user_principal_name.lower() for ident in company.people][:5]
    arguments = ["sandbox", "jira", "--port", "0", "--users", "5", "--seed", "4", "--version", "9.12"]
    command = [sys.executable, "-m", "core.cli", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "Jira 9.12" in process.stdout.readline()
            url, token = (process.stdout.readline().split()[1] for _ in range(2))
            users = asked(url, token, "user/search?username=.&includeInactive=true")
            projects = asked(url, token, "project?expand=lead")
        finally:
            process.kill()
    assert isinstance(users, list)
    assert isinstance(projects, list)
    assert sorted(user["name"] for user in users) == sorted(["admin", *people])
    assert {project["lead"]["name"] for project in projects} <= set(people)
    assert len(projects) == 3


def test_a_version_that_is_none_is_told(run: Run) -> None:
    result = run("sandbox", "jira", "--version", "ten", config=None)
    assert (result.code, result.error.strip()) == (
        2,
        "manciple: --version: 'ten' is not a version; write it as 9.4 or 9.4.1",
    )
