from pathlib import Path

import pytest
from running import Run, Terminal

from core.config import load_settings


def test_without_a_terminal_what_is_not_given_takes_its_default(run: Run, tmp_path: Path) -> None:
    result = run("init", config=None)
    settings = load_settings(tmp_path / "config.toml")
    assert result.code == 0
    assert [(provider.name, provider.kind) for provider in settings.providers] == [("entra", "entra")]
    assert settings.targets == ()


def test_it_says_the_next_three_steps_exactly(run: Run, tmp_path: Path) -> None:
    result = run(
        "init", "--target-url", "https://wiki.example.com", "--public-url", "https://scim.example.com", config=None
    )
    assert result.out.splitlines() == [
        f"Written: {tmp_path / 'config.toml'}",
        "",
        "Next:",
        "  1. Issue the token of entra, which is shown once:",
        "       manciple token issue entra",
        "  2. Set CONFLUENCE_TOKEN in its environment. Start the engine:",
        "       manciple serve",
        "  3. Enter at the identity provider:",
        "       tenant or base URL   https://scim.example.com/scim/entra/v2",
        "       secret token         what step 1 printed",
        "",
        "`manciple check` tries all of it, and says what to do where something fails.",
    ]


def test_a_file_in_another_place_is_named_in_every_step(run: Run, tmp_path: Path) -> None:
    result = run("init", config=tmp_path / "etc" / "my config.toml")
    named = f"--config '{tmp_path}/etc/my config.toml'"
    assert result.code == 0
    assert f"manciple token issue entra {named}" in result.out
    assert f"manciple serve {named}" in result.out


def test_all_answers_can_be_given(run: Run, tmp_path: Path) -> None:
    answers = {
        "provider-name": "corp", "provider-kind": "okta", "bind": "127.0.0.1:9000",
        "public-url": "https://scim.example.com", "store-url": "sqlite:////srv/m.db",
        "target-url": "https://wiki.example.com/confluence", "target-name": "docs", "target-username": "svc",
        "credential": "keyring:manciple/docs",
    }  # fmt: skip
    assert run("init", *(part for key, value in answers.items() for part in (f"--{key}", value)), config=None).code == 0
    settings = load_settings(tmp_path / "config.toml")
    (target,) = settings.targets
    assert settings.listener.scim_base_url("corp") == "https://scim.example.com/scim/corp/v2"
    assert (settings.listener.bind_port, settings.store.url) == (9000, "sqlite:////srv/m.db")
    assert (target.name, target.url, target.username) == ("docs", "https://wiki.example.com/confluence", "svc")
    assert str(target.credential) == "keyring:manciple/docs"


@pytest.mark.parametrize(
    ("options", "name", "credential"),
    [
        (("confluence",), "wiki", "env:CONFLUENCE_TOKEN"),
        (("jira",), "tracker", "env:JIRA_TOKEN"),
        (("bitbucket", "--target-username", "admin"), "code", "env:BITBUCKET_PASSWORD"),
        (("crowd", "--target-username", "manciple"), "people", "env:CROWD_PASSWORD"),
        (("cloud",), "cloud", "env:ATLASSIAN_API_KEY"),
    ],
)
def test_every_product_can_be_the_first(
    options: tuple[str, ...], name: str, credential: str, run: Run, tmp_path: Path
) -> None:
    url = "https://api.atlassian.com/scim/directory/0a1b" if options[0] == "cloud" else "https://product.example.com"
    assert run("init", "--target-url", url, "--target-kind", *options, config=None).code == 0
    (target,) = load_settings(tmp_path / "config.toml").targets
    assert (target.kind, target.name, str(target.credential)) == (options[0], name, credential)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("nonsense",), "no product that is known"),
        (("crowd",), "username"),
        (("crowd", "--target-username", ""), "applications alone"),
        (("cloud", "--target-username", "ada"), "has none"),
    ],
)
def test_a_product_that_is_described_wrongly_is_refused(options: tuple[str, ...], problem: str, run: Run) -> None:
    result = run("init", "--target-url", "https://product.example.com", "--target-kind", *options, config=None)
    assert result.code == 2
    assert problem in result.error


@pytest.mark.parametrize(
    ("bind", "url"),
    [("0.0.0.0:9000", "http://127.0.0.1:9000"), ("[::1]:9000", "http://[::1]:9000"), ("scim:80", "http://scim:80")],
)
def test_the_url_is_taken_from_the_address_where_it_is_not_given(bind: str, url: str, run: Run, tmp_path: Path) -> None:
    assert run("init", "--bind", bind, config=None).code == 0
    assert load_settings(tmp_path / "config.toml").listener.public_url == url


def test_a_file_that_is_there_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine\n")
    result = run("init", config=None)
    assert result.code == 2
    assert f"{path} is there already" in result.error
    assert path.read_text() == "# mine\n"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--bind", "nowhere"), "--bind: 'nowhere' is not an address to listen on"),
        (("--public-url", "https://a.example/scim"), "--public-url: 'https://a.example/scim' has a path"),
        (("--provider-name", "My IdP"), "--provider-name: 'My IdP' cannot be a name"),
        (("--provider-kind", "ldap"), "--provider-kind: 'ldap' is no kind of provider that is known"),
        (("--store-url", "mysql://x/y"), "--store-url: a database of kind 'mysql' cannot be the store"),
        (("--target-url", "wiki"), "--target-url: 'wiki' is not an http or https URL"),
        (("--bind", "127.0.0.1:0"), "--bind takes any free port, so its URL cannot be foreseen"),
        (("--target-name", "wiki"), "--target-name is about a target: give --target-url too"),
    ],
)
def test_a_wrong_answer_is_refused_by_its_option(
    arguments: tuple[str, ...], error: str, run: Run, tmp_path: Path
) -> None:
    result = run("init", *arguments, config=None)
    assert result.code == 2
    assert result.error.startswith(f"manciple: {error}")
    assert not (tmp_path / "config.toml").exists()


def test_a_secret_in_place_of_its_reference_is_refused_and_not_repeated(run: Run, tmp_path: Path) -> None:
    result = run("init", "--target-url", "https://wiki.example.com", "--credential", "hunter2", config=None)
    assert result.code == 2
    assert "--credential: this names no place where the credential lies" in result.error
    assert "hunter2" not in result.err + result.out
    assert not (tmp_path / "config.toml").exists()


def test_at_a_terminal_it_asks_and_asks_again_after_a_wrong_answer(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = [
        "okta",
        "",
        "nonsense",
        "127.0.0.1:9000",
        "",
        "",
        "https://wiki.example.com",
        "",
        "",
        "",
        "file:/run/token",
    ]
    monkeypatch.setattr("sys.stdin", Terminal("\n".join(typed) + "\n"))
    result = run("init", config=None)
    settings = load_settings(tmp_path / "config.toml")
    assert result.code == 0
    assert "'nonsense' is not an address to listen on" in result.err
    assert [(provider.name, provider.kind) for provider in settings.providers] == [("okta", "okta")]
    assert settings.listener.public_url == "http://127.0.0.1:9000"
    assert str(settings.targets[0].credential) == "file:/run/token"


def test_leaving_at_a_question_writes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("okta\n"))
    result = run("init", config=None)
    assert result.code == 130
    assert not (tmp_path / "config.toml").exists()
