import json
import subprocess
import sys
import urllib.request
from typing import Any

from core.sandbox.directory import Directory


def asked(url: str, key: str) -> Any:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_a_directory_listens_with_the_first_people_of_the_company_whose_domain_is_verified() -> None:
    company = Directory.seeded(30, seed=4)
    people = [company.person(ident).user_principal_name.lower() for ident in company.people][:5]
    command = [sys.executable, "-m", "core.cli", "sandbox", "cloud", "--port", "0", "--users", "5", "--seed", "4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "directory of Atlassian Cloud listens" in process.stdout.readline()
            url, path, key = (process.stdout.readline().split()[-1] for _ in range(3))
            domains = process.stdout.readline().split(maxsplit=1)[1]
            users = asked(f"{url}{path}/Users", key)["Resources"]
        finally:
            process.kill()
    assert sorted(user["userName"] for user in users) == sorted(people)
    assert all(name.rpartition("@")[2] in domains for name in people)
