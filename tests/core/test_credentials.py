"""A secret is named, not written; it is read at the moment of use, and never shown."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

from core.credentials import LONGEST_SECRET, SecretError, SecretReference, SecretWarning

SECRET = "hunter2"
UseKeyring = Callable[[KeyringError | None], None]


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(SECRET + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def use_keyring(monkeypatch: pytest.MonkeyPatch) -> UseKeyring:
    """Puts in a keyring with one entry, or one that fails."""

    def use(failure: KeyringError | None) -> None:
        def get_password(service: str, name: str) -> str | None:
            if failure:
                raise failure
            return SECRET if (service, name) == ("manciple/prod", "wiki") else None

        monkeypatch.setattr(keyring, "get_password", get_password)

    return use


def refusal(reference: str | SecretReference) -> SecretError:
    with pytest.raises(SecretError) as caught:
        (SecretReference.parse(reference) if isinstance(reference, str) else reference).resolve()
    assert caught.value.remedy
    return caught.value


def test_a_variable_is_read_when_the_secret_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = SecretReference.parse("env:WIKI_TOKEN")
    monkeypatch.setenv("WIKI_TOKEN", SECRET)
    assert reference.resolve() == SECRET
    monkeypatch.setenv("WIKI_TOKEN", "changed")
    assert reference.resolve() == "changed"


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_unset_or_empty_is_an_error(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("WIKI_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("WIKI_TOKEN", value)
    assert refusal("env:WIKI_TOKEN").message == "environment variable WIKI_TOKEN is not set"


def test_a_file_is_read_without_the_newline_at_its_end(secret_file: Path) -> None:
    assert SecretReference.parse(f"file:{secret_file}").resolve() == SECRET


def test_a_file_of_windows_is_read_without_its_marks(secret_file: Path) -> None:
    secret_file.write_bytes(b"\xef\xbb\xbf" + SECRET.encode() + b"\r\n")
    assert SecretReference.parse(f"file:{secret_file}").resolve() == SECRET


def test_spaces_belong_to_a_secret(secret_file: Path) -> None:
    secret_file.write_text(f" {SECRET} \n")
    assert SecretReference.parse(f"file:{secret_file}").resolve() == f" {SECRET} "


def test_a_relative_file_is_taken_from_the_given_folder(secret_file: Path) -> None:
    assert SecretReference.parse("file:token", secret_file.parent).resolve() == SECRET


def test_a_relative_file_without_a_folder_is_refused() -> None:
    with pytest.raises(SecretError, match="relative"):
        SecretReference.parse("file:token")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"  \n", "is empty"),
        (b"one\ntwo\n", "more than one line"),
        (b"one\x00two", "control characters"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"x" * (LONGEST_SECRET + 1), "too large"),
    ],
)
def test_a_file_that_holds_no_secret_is_an_error(secret_file: Path, content: bytes, message: str) -> None:
    secret_file.write_bytes(content)
    assert message in refusal(f"file:{secret_file}").message


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert "there is no file" in refusal(f"file:{tmp_path}/gone").message


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    assert "there is no file" in refusal(f"file:{tmp_path}").message


def test_a_file_that_may_not_be_read_is_an_error(secret_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(f"file:{secret_file}").message == f"{secret_file} cannot be read: Permission denied"


@pytest.mark.parametrize(("mode", "warned_of"), [(0o600, False), (0o640, False), (0o644, True), (0o604, True)])
def test_a_file_that_others_can_read_is_warned_of(secret_file: Path, mode: int, warned_of: bool) -> None:
    secret_file.chmod(mode)
    reference = SecretReference.parse(f"file:{secret_file}")
    assert bool(reference.warnings()) is warned_of
    assert reference.resolve() == SECRET


def test_a_file_that_is_not_there_yet_is_not_warned_of(tmp_path: Path) -> None:
    assert SecretReference.parse(f"file:{tmp_path}/gone").warnings() == ()


def test_a_keyring_entry_is_named_by_service_and_name_behind_the_last_slash(use_keyring: UseKeyring) -> None:
    use_keyring(None)
    assert SecretReference.parse("keyring:manciple/prod/wiki").resolve() == SECRET


def test_a_keyring_without_the_entry_says_how_to_make_it(use_keyring: UseKeyring) -> None:
    use_keyring(None)
    assert refusal("keyring:manciple/docs").remedy == "Run: keyring set manciple docs"


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (KeyringLocked("locked"), "the keyring is locked"),
        (NoKeyringError("none"), "this machine has no keyring"),
        (KeyringError("no answer"), "the keyring failed: no answer"),
    ],
)
def test_a_keyring_that_is_locked_missing_or_failing_is_an_error(
    use_keyring: UseKeyring, failure: KeyringError, message: str
) -> None:
    use_keyring(failure)
    error = refusal("keyring:manciple/wiki")
    assert error.message == message
    assert "env:NAME" in error.remedy


def test_the_keyring_is_imported_only_when_one_is_asked() -> None:
    program = (
        "import os, sys\n"
        "from core.credentials import SecretReference\n"
        "os.environ['T'] = 'x'\n"
        "SecretReference.parse('env:T').resolve()\n"
        "SecretReference.parse('keyring:a/b')\n"
        "print('keyring' in sys.modules)\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"


def test_a_plain_value_is_the_secret_itself_and_is_warned_of() -> None:
    reference = SecretReference.parse(SECRET)
    assert reference.resolve() == SECRET
    (warning,) = reference.warnings()
    assert isinstance(warning, SecretWarning)
    assert "env:NAME" in warning.remedy
    assert SECRET not in repr(warning)


def test_a_plain_value_may_contain_a_colon() -> None:
    assert SecretReference.parse("user:env:x").resolve() == "user:env:x"


def test_a_plain_value_is_never_shown() -> None:
    reference = SecretReference.parse(SECRET)
    assert SECRET not in f"{reference} {reference!r} {[reference]}"


@pytest.mark.parametrize("text", ["env:WIKI_TOKEN", "file:/run/token", "keyring:manciple/wiki"])
def test_a_reference_is_shown_as_written(text: str) -> None:
    assert str(SecretReference.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "env:",
        "env:1X",
        "env:A B",
        "file:",
        "file:a\0b",
        "keyring:",
        "keyring:a",
        "keyring:a/",
        "keyring:/b",
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(SecretError):
        SecretReference.parse(text)


@pytest.mark.parametrize("text", [f"env:{SECRET}-", f"keyring:{SECRET}"])
def test_a_refusal_does_not_repeat_what_may_be_a_secret_in_the_wrong_place(text: str) -> None:
    with pytest.raises(SecretError) as caught:
        SecretReference.parse(text)
    assert SECRET not in str(caught.value)


def test_references_are_values() -> None:
    assert SecretReference.parse("env:A") == SecretReference.parse("env:A") != SecretReference.parse("env:B")
