"""Where the configuration file is: named by the admin, or in one of the usual places."""

import os
from collections.abc import Mapping
from pathlib import Path

from core.config.problems import ConfigMissing

VARIABLE = "MANCIPLE_CONFIG"


def locate(named: Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """The configuration file: `named` (`--config`), else `$MANCIPLE_CONFIG`, else the first of `usual_places`.

    :raises ConfigMissing: when there is none; one that is named is the only one looked for.
    """
    if named is not None:
        return _existing(named, "--config")
    if environment.get(VARIABLE):
        return _existing(Path(environment[VARIABLE]), f"${VARIABLE}")
    places = usual_places(environment)
    for place in places:
        if _is_there(place):
            return place
    raise ConfigMissing(places, "there is no configuration; looked for")


def usual_places(environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """`./config.toml`, `$XDG_CONFIG_HOME/manciple/config.toml`, `/etc/manciple/config.toml`, in this order."""
    user_folder = environment.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return (
        Path("config.toml").absolute(),
        Path(user_folder) / "manciple" / "config.toml",
        Path("/etc/manciple/config.toml"),
    )


def place_for_new(named: Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Where `manciple init` writes: where the admin says, else `./config.toml`."""
    return (named or Path(environment.get(VARIABLE) or "config.toml")).absolute()


def _existing(path: Path, named_by: str) -> Path:
    absolute = path.absolute()
    if not _is_there(absolute):
        raise ConfigMissing((absolute,), f"{named_by} names a file that is not there")
    return absolute


def _is_there(path: Path) -> bool:
    """A place that this user may not look into counts: reading it says so, and no other file is taken for it."""
    try:
        return path.exists()
    except PermissionError:
        return True
