import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from core.config.settings import ListenerSettings, ProviderSettings, Settings, TargetSettings
from core.credentials import SecretReference
from core.curl import Address, address_of, curl, missing
from core.exchange import Exchange

WIKI = TargetSettings("wiki", "confluence", "https://wiki.example.com/confluence", SecretReference("env", "T"), "entra")
SETTINGS = Settings(
    Path("config.toml"),
    listener=ListenerSettings(public_url="https://scim.example.com"),
    providers=(ProviderSettings("entra", "entra"),),
    targets=(WIKI,),
)
GET = Exchange("in", "entra", 1, 5, "GET", "/Users?filter=userName%20eq%20%22ada%22", 200)
PATCH = replace(
    GET,
    method="PATCH",
    path="/Users/42",
    request_headers={"content-type": "application/scim+json", "authorization": "Bearer •••"},
    request_body=b'{"value":"it\'s $HOME `id` \\\\ \\"x\\""}',
)
ADDRESS = Address("https://scim.example.com/scim/entra/v2")


def arguments(command: str) -> list[str]:
    """What a shell makes of the command."""
    script = command.replace("curl", "printf '%s\\0'", 1)
    run = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env={"TOKEN": "t0k"})
    return run.stdout.decode().split("\0")[:-1]


def test_a_get_is_its_url_and_the_token_to_come() -> None:
    assert curl(GET, ADDRESS) == (
        "curl 'https://scim.example.com/scim/entra/v2/Users?filter=userName%20eq%20%22ada%22'"
        ' -H "Authorization: Bearer $TOKEN"'
    )


def test_a_write_has_its_method_its_media_type_and_its_body() -> None:
    assert arguments(curl(PATCH, ADDRESS)) == [
        *("-X", "PATCH", "https://scim.example.com/scim/entra/v2/Users/42", "-H", "Authorization: Bearer t0k"),
        *("-H", "Content-Type: application/scim+json", "--data-raw", PATCH.request_body.decode()),
    ]


def test_no_header_of_the_log_but_the_media_type_is_copied() -> None:
    assert "•••" not in curl(PATCH, ADDRESS)


@pytest.mark.parametrize(
    "text", ["'; rm -rf / #", "$(id)", "a\nb", "\x1b[2J'\\", "\u202e", "𝒳\U000e0001", "--help", "@/etc/passwd", "é山"]
)
def test_a_hostile_body_reaches_curl_as_one_argument_and_no_control_reaches_the_terminal(text: str) -> None:
    command = curl(replace(PATCH, request_body=text.encode()), ADDRESS)
    assert command.isprintable()
    script = f"LC_ALL=C.UTF-8; {command.replace('curl', 'printf %s,', 1)}"
    run = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert run.stdout.decode().endswith(f"--data-raw,{text},")


def test_a_path_with_brackets_is_not_taken_for_a_pattern() -> None:
    assert "--globoff" in shlex.split(curl(replace(GET, path="/Users?filter=emails[type eq x]"), ADDRESS))
    assert "--globoff" not in curl(GET, ADDRESS)


def test_head_is_asked_for_as_curl_wants_it() -> None:
    assert curl(replace(GET, method="HEAD"), ADDRESS).startswith("curl --head ")


def test_a_target_with_a_user_name_is_asked_with_basic_authentication() -> None:
    command = curl(replace(GET, direction="out"), Address("https://wiki.example.com/", "svc manciple"))
    assert arguments(command) == ["https://wiki.example.com" + GET.path, "-u", "svc manciple:t0k"]


def test_the_address_is_the_providers_scim_base_or_the_targets_url() -> None:
    assert address_of(GET, SETTINGS) == ADDRESS
    assert address_of(replace(GET, direction="out", party="wiki"), SETTINGS) == Address(WIKI.url)
    assert address_of(replace(GET, party="okta"), SETTINGS) is None
    assert address_of(replace(GET, direction="out", party="jira"), SETTINGS) is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a":1}', ""),
        (b"", ""),
        ('{"phone":"•••"}'.encode(), "masked"),
        (b'{"a":1 [cut: 300000 bytes in all]', "cut"),
        (b'[12 bytes, not JSON: kept only with bodies = "full"]', "did not keep"),
    ],
)
def test_what_the_log_does_not_have_is_said(body: bytes, said: str) -> None:
    assert said in missing(replace(PATCH, request_body=body))
    assert bool(missing(replace(PATCH, request_body=body))) == bool(said)


def test_a_placeholder_is_not_sent_as_a_body() -> None:
    placeholder = b'[12 bytes, not JSON: kept only with bodies = "full"]'
    assert "--data-raw" not in curl(replace(PATCH, request_body=placeholder), ADDRESS)
