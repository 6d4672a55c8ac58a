import base64
import json
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from running import Run

from core.sandbox.directory import Directory

BASIC = "Basic " + base64.b64encode(b"admin:admin").decode()


def asked(url: str, authorization: str, path: str) -> object:
    request = urllib.request.Request(f"{url}/rest/api/latest/{path}", headers={"Authorization": authorization})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.mark.parametrize(("version", "takes_passwords"), [("8.19", True), ("10.4", False)])
def test_bitbucket_listens_with_the_first_people_of_the_company(version: str, takes_passwords: bool) -> None:
    company = Directory.seeded(30, seed=4)
    people = [company.person(ident).user_principal_name.lower() for ident in company.people][:5]
    arguments = ["sandbox", "bitbucket", "--port", "0", "--users", "5", "--seed", "4", "--version", version]
    command = [sys.executable, "-m", "core.cli", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert f"Bitbucket {version}" in process.stdout.readline()
            url, token = (process.stdout.readline().split()[-1] for _ in range(2))
            page = asked(url, f"Bearer {token}", "admin/users?limit=100")
            if takes_passwords:
                assert asked(url, BASIC, "admin/users?limit=100") == page
            else:
                with pytest.raises(urllib.error.HTTPError):
                    asked(url, BASIC, "admin/users")
        finally:
            process.kill()
    assert isinstance(page, dict)
    assert sorted(user["name"] for user in page["values"]) == sorted(["admin", *people])


def test_a_version_that_is_none_is_told(run: Run) -> None:
    result = run("sandbox", "bitbucket", "--version", "ten", config=None)
    assert (result.code, result.error.strip()) == (
        2,
        "manciple: --version: 'ten' is not a version; write it as 9.4 or 9.4.1",
    )
