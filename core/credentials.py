"""Secrets by reference: the configuration names where a secret lies, and it is read at the moment of use.

A reference never shows its secret: not in `repr`, not in an error. It refuses to guess: an unset variable, an empty
file or a locked keyring is an error with its remedy and never an empty secret, because an empty credential reaches
the other side as a wrong one and can lock the account there.
"""

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Scheme = Literal["env", "file", "keyring", "plain"]

ACCEPTED = "env:NAME, file:/path or keyring:service/name"
LONGEST_SECRET = 64 * 1024
"""Bytes. A file that holds more is not a secret but some other file."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class SecretError(Exception):
    """A secret that cannot be had. `remedy` says what to do; neither text contains the secret."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}. {remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class SecretWarning:
    """What is unsafe about where a secret lies, though it works, and the remedy."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret lies: a variable's name, a file's path, a keyring's `service/name`, or the secret itself."""

    scheme: Scheme
    place: str = field(repr=False)

    @classmethod
    def parse(cls, text: str, folder: Path | None = None) -> "SecretReference":
        """The reference that `text` writes; a text with none of the schemes is the secret itself (see `warnings`).

        A relative file path is taken from `folder`, the folder of the configuration file.

        :raises SecretError: when a scheme is named and what follows cannot be a variable, path or keyring entry.
        """
        scheme, colon, place = text.partition(":")
        if colon and scheme == "env":
            return cls("env", _variable(place))
        if colon and scheme == "file":
            return cls("file", _path(place, folder))
        if colon and scheme == "keyring":
            return cls("keyring", _entry(place))
        if not text.strip():
            raise SecretError("the secret is empty", f"Write {ACCEPTED}")
        return cls("plain", text)

    def __str__(self) -> str:
        return "a plain value (hidden)" if self.scheme == "plain" else f"{self.scheme}:{self.place}"

    def __repr__(self) -> str:
        return f"<SecretReference {self}>"

    def resolve(self) -> str:
        """The secret, read now.

        :raises SecretError: when it is not there, empty, or cannot be read.
        """
        match self.scheme:
            case "env":
                secret = _from_environment(self.place)
            case "file":
                secret = _from_file(Path(self.place))
            case "keyring":
                secret = _from_keyring(self.place)
            case "plain":
                secret = self.place
        if _CONTROL.search(secret):
            raise SecretError(f"{self} holds more than one line, or control characters", "Give it as one line")
        return secret

    def warnings(self) -> tuple[SecretWarning, ...]:
        """What is unsafe about where the secret lies. Looks at the mode of a file, reads no secret."""
        if self.scheme == "plain":
            return (SecretWarning("the secret itself stands in the file", f"Move it, and write {ACCEPTED}"),)
        if self.scheme == "file" and readable_by_others(Path(self.place)):
            return (SecretWarning(f"every user of this machine can read {self.place}", "Run chmod 600 on it"),)
        return ()


def readable_by_others(path: Path) -> bool:
    """Whether the file is there and its mode lets users outside its group read it. Always false on Windows."""
    try:
        return os.name == "posix" and bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise SecretError("what follows env: cannot be the name of a variable", "Write env:NAME")
    return name


def _path(place: str, folder: Path | None) -> str:
    if not place or "\0" in place:
        raise SecretError("file: names no file", "Write file:/path")
    path = Path(place)
    if path.is_absolute():
        return str(path)
    if folder is None:
        raise SecretError("file: names a relative path", "Write file:/path")
    return str(folder / path)


def _entry(place: str) -> str:
    service, _, name = place.rpartition("/")
    if not service or not name:
        raise SecretError("keyring: needs a service and a name", "Write keyring:service/name")
    return place


def _from_environment(name: str) -> str:
    secret = os.environ.get(name, "")
    if not secret:
        raise SecretError(f"environment variable {name} is not set", f"Set {name} where manciple is started")
    return secret


def _from_file(path: Path) -> str:
    try:
        if not path.is_file():
            raise SecretError(f"there is no file {path}", "Create it with the secret as its only line")
        with path.open("rb") as file:
            content = file.read(LONGEST_SECRET + 1)
    except OSError as error:
        raise SecretError(
            f"{path} cannot be read: {error.strerror}", "Let the user that manciple runs as read it"
        ) from None
    return _only_line(path, content)


def _only_line(path: Path, content: bytes) -> str:
    """The file's one line. Editors and `echo` end it with a newline, which is no part of the secret."""
    only_line = "Put the secret into it as its only line"
    if len(content) > LONGEST_SECRET:
        raise SecretError(f"{path} is too large to be a secret", only_line)
    try:
        secret = content.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SecretError(f"{path} is not text in UTF-8", only_line) from None
    if not secret.strip():
        raise SecretError(f"{path} is empty", only_line)
    return secret


def _from_keyring(place: str) -> str:
    # Imported here: keyring looks for its backends on import, which those who never use it need not wait for.
    import keyring
    from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

    service, _, name = place.rpartition("/")
    try:
        secret = keyring.get_password(service, name)
    except KeyringLocked:
        raise SecretError("the keyring is locked", "Unlock it, or use env:NAME or file:/path") from None
    except NoKeyringError:
        raise SecretError("this machine has no keyring", "Use env:NAME or file:/path") from None
    except KeyringError as error:
        raise SecretError(f"the keyring failed: {error}", "Use env:NAME or file:/path") from None
    if not secret:
        raise SecretError(f"the keyring has no entry {place}", f"Run: keyring set {service} {name}")
    return secret
