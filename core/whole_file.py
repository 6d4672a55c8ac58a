"""Writing a file whole or not at all, readable by its owner alone: what is exported may tell of people."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, parts: Iterable[str], *, replace: bool) -> None:
    """Write the parts, one after the other, to a new file, and only then let it stand at `path`.

    :raises FileExistsError: when there is a file already and it may not be replaced.
    :raises OSError: when it cannot be written.
    """
    if path.exists() and not replace:
        raise FileExistsError(f"{path} is there already")
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.writelines(parts)
        if replace:
            os.replace(name, path)
        else:
            os.link(name, path)
            os.unlink(name)
    except BaseException:
        os.unlink(name)
        raise
