import json
from pathlib import Path
from typing import Any

import pytest

from core.config.settings import ListenerSettings, ProviderSettings, Settings
from core.exchange import Exchange
from core.filtering import parse
from core.har import har
from core.har_export import export
from core.store import Store

SETTINGS = Settings(
    path=Path("config.toml"),
    listener=ListenerSettings(public_url="https://scim.example.com"),
    providers=(ProviderSettings("entra", "entra"),),
)
POST = Exchange(
    "in",
    "entra",
    1_787_567_267_123,
    12_500,
    "POST",
    "/Users?dry=1",
    201,
    "ada@example.com",
    "created",
    "10.0.0.7",
    run=3,
    request_headers={"authorization": "Bearer •••", "content-type": "application/scim+json"},
    request_body=b'{"userName":"ada@example.com","password":"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"}',
    response_headers={"location": "https://scim.example.com/scim/entra/v2/Users/7"},
    response_body=b'{"id":"7"}',
)


def archive(*exchanges: Exchange) -> Any:
    return json.loads("".join(har(enumerate(exchanges, 1), SETTINGS)))["log"]


def test_an_archive_has_what_the_format_asks_for() -> None:
    log = archive(POST)
    assert (log["version"], log["creator"]["name"]) == ("1.2", "manciple")
    (entry,) = log["entries"]
    assert entry["startedDateTime"] == "2026-08-24T10:27:47.123+00:00"
    assert (entry["time"], entry["timings"]) == (12.5, {"send": 0, "wait": 12.5, "receive": 0})
    request, response = entry["request"], entry["response"]
    assert (request["method"], request["url"]) == ("POST", "https://scim.example.com/scim/entra/v2/Users?dry=1")
    assert request["queryString"] == [{"name": "dry", "value": "1"}]
    assert request["postData"]["mimeType"] == "application/scim+json"
    assert (response["status"], response["statusText"], response["content"]["text"]) == (201, "Created", '{"id":"7"}')
    assert response["redirectURL"].endswith("/Users/7")
    assert entry["_manciple"]["id"] == 1
    assert entry["_manciple"]["run"] == 3


def test_what_is_no_request_of_a_browser_is_written_all_the_same() -> None:
    silent = Exchange("out", "wiki", 0, 1, "GET", "/rest", None, outcome="timed out")
    odd = Exchange("in", "entra", 0, 1, "GET", "/Users", 799, response_body=b"\xff not JSON")
    first, second = archive(silent, odd)["entries"]
    assert (first["request"]["url"], first["response"]["status"]) == ("http://wiki.invalid/rest", 0)
    assert first["comment"] == "timed out"
    assert (second["response"]["statusText"], second["response"]["content"]["text"]) == ("", "\ufffd not JSON")


def test_no_secret_is_in_it_even_where_the_log_had_one() -> None:
    leaky = Exchange(
        "out",
        "wiki",
        0,
        1,
        "POST",
        "/token?access_token=s3cret",
        200,
        request_headers={"authorization": "Bearer s3cret", "content-type": "application/x-www-form-urlencoded"},
        request_body=b"grant_type=client_credentials&client_secret=s3cret",
        response_headers={"set-cookie": "JSESSIONID=s3cret"},
        response_body=b'{"access_token":"s3cret","expires_in":3600}',
    )
    written = "".join(har([(1, leaky)], SETTINGS))
    assert "s3cret" not in written
    assert "grant_type=client_credentials" in written


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


def test_the_newest_that_match_are_exported_oldest_first(store: Store, tmp_path: Path) -> None:
    statuses = [200, 404, 200, 404, 404, 200]
    many = [Exchange("in", "entra", number, 1, "GET", "/Users", status) for number, status in enumerate(statuses)]
    store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in many])
    file = tmp_path / "out.har"
    assert export(store, SETTINGS, parse("status:404", 0), file, 2, replace=False) == 2
    entries = json.loads(file.read_text())["log"]["entries"]
    assert [entry["_manciple"]["id"] for entry in entries] == [4, 5]
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_that_matches_makes_no_file(store: Store, tmp_path: Path) -> None:
    assert export(store, SETTINGS, parse("status:404", 0), tmp_path / "out.har", 2, replace=False) == 0
    assert not (tmp_path / "out.har").exists()


def test_a_file_that_is_there_is_left_as_it_is(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.har"
    file.write_text("mine")
    with pytest.raises(FileExistsError):
        export(store, SETTINGS, parse("", 0), file, 2, replace=False)
    assert file.read_text() == "mine"
