"""A file replaced in one step: readers see the old one or the new one, and a crash leaves one of them whole.

The new file has the mode and the owner of the old. Where the owner cannot be kept the write is refused: a
configuration that the engine's user can no longer read would stop the engine at its next start.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.config.problems import ConfigError, Problem

_FIRST_MODE = 0o640


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep other consoles from replacing the file meanwhile. An editor does not ask; compare the content inside."""
    with _writable(path), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def replace_file(path: Path, content: bytes, *, keep: Path) -> None:
    """Replace `path`, its present content kept as `keep`.

    :raises ConfigError: when the disk or the permissions do not allow it; `path` is then as it was.
    """
    with _writable(path):
        status = path.stat()
        _write(keep, path.read_bytes(), status)
        _write(path, content, status)


def create_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, readable by its owner and group; its folder is made where it is missing.

    :raises ConfigError: when it is there already, or cannot be written.
    """
    with _writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FIRST_MODE)
        except FileExistsError:
            raise _error(path, "this file is there already", "Change it, or name another with --config") from None
        try:
            with open(descriptor, "wb") as file:
                _durably(file.fileno(), content)
        except BaseException:
            # Half a file would be taken for the configuration.
            os.unlink(path)
            raise
        _sync_folder(path.parent)


def _write(path: Path, content: bytes, like: os.stat_result) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            _keep_owner(path, file.fileno(), like)
            os.fchmod(file.fileno(), like.st_mode & 0o7777)
            _durably(file.fileno(), content)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    _sync_folder(path.parent)


def _durably(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def _keep_owner(path: Path, descriptor: int, like: os.stat_result) -> None:
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) == (like.st_uid, like.st_gid):
        return
    try:
        os.fchown(descriptor, like.st_uid, like.st_gid)
    except PermissionError:
        raise _error(
            path,
            f"this file belongs to another user (uid {like.st_uid}, gid {like.st_gid}), which a save would change",
            "Run this as that user",
        ) from None


def _sync_folder(folder: Path) -> None:
    """A rename is durable once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise _error(path, f"cannot be written: {reason}", "Make room, or let this user write the folder") from None


def _error(path: Path, message: str, remedy: str) -> ConfigError:
    return ConfigError([Problem(path, None, "", message, remedy)])
