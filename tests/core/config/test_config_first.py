"""The first configuration is valid, says what it was told, and never replaces one that is there."""

from pathlib import Path

import pytest

from core.config import ConfigError, FirstAnswers, FirstTarget, first_config, load_settings, write_first
from core.credentials import SecretReference

ANSWERS = FirstAnswers(
    provider_name="corp",
    provider_kind="okta",
    public_url="https://scim.example.com",
    bind="0.0.0.0:9000",
    store_url="sqlite:////var/lib/manciple/manciple.db",
    target=FirstTarget(
        url="https://wiki.example.com/confluence", credential="file:/run/token", name="docs", username='svc "x"'
    ),
)


def test_it_holds_every_answer(tmp_path: Path) -> None:
    settings = write_first(tmp_path / "config.toml", ANSWERS)
    assert settings == load_settings(tmp_path / "config.toml")
    assert [(provider.name, provider.kind) for provider in settings.providers] == [("corp", "okta")]
    assert settings.listener.public_url == "https://scim.example.com"
    assert (settings.listener.bind_host, settings.listener.bind_port) == ("0.0.0.0", 9000)
    assert settings.store.url == "sqlite:////var/lib/manciple/manciple.db"
    (target,) = settings.targets
    assert (target.name, target.url, target.provider) == ("docs", "https://wiki.example.com/confluence", "corp")
    assert (target.credential, target.username) == (SecretReference("file", "/run/token"), 'svc "x"')


def test_without_a_target_it_only_receives_and_shows_how_to_add_one(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert write_first(path, FirstAnswers()).targets == ()
    text = path.read_text()
    start = text.index("# [[target]]")
    path.write_text(text[:start] + text[start:].replace("# ", ""))
    assert load_settings(path).targets[0].name == "wiki"


def test_without_a_username_the_credential_is_a_token(tmp_path: Path) -> None:
    target = FirstTarget(url="https://wiki.example.com", credential="env:TOKEN")
    settings = write_first(tmp_path / "config.toml", FirstAnswers(target=target))
    assert settings.targets[0].username is None


def test_the_first_plans_wait_for_approval(tmp_path: Path) -> None:
    settings = write_first(tmp_path / "config.toml", ANSWERS)
    assert settings.targets[0].schedule.auto_apply == "never"


def test_it_says_what_to_enter_at_the_identity_provider() -> None:
    text = first_config(ANSWERS)
    assert "https://scim.example.com/scim/corp/v2" in text
    assert "manciple token issue corp" in text


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine")
    with pytest.raises(ConfigError, match="already"):
        write_first(path, ANSWERS)
    assert path.read_text() == "# mine"


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "etc" / "manciple" / "config.toml"
    write_first(path, ANSWERS)
    assert load_settings(path).providers[0].name == "corp"


def test_it_is_not_readable_by_others(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    write_first(path, ANSWERS)
    assert path.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize(
    "answers",
    [
        FirstAnswers(provider_name="Corp"),
        FirstAnswers(provider_name='x"\n[[target]]\n#'),
        FirstAnswers(provider_kind="ldap"),
        FirstAnswers(public_url="scim.example.com"),
        FirstAnswers(target=FirstTarget(url="wiki", credential="env:T")),
        FirstAnswers(target=FirstTarget(url="https://w.example.com", credential="env:")),
    ],
)
def test_a_wrong_answer_is_refused_and_nothing_is_written(tmp_path: Path, answers: FirstAnswers) -> None:
    with pytest.raises(ConfigError):
        write_first(tmp_path / "config.toml", answers)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(ConfigError, match="No space left on device"):
        write_first(tmp_path / "config.toml", ANSWERS)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_an_error_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_first(tmp_path / "file" / "config.toml", ANSWERS)
