"""Writing what the list of requests shows into a HAR file, in the folder in which the console was started."""

import asyncio
from datetime import datetime
from pathlib import Path

from core.config.settings import Settings
from core.filtering import Condition
from core.har_export import AT_MOST, export
from core.store import Store, StoreError
from tui.counting import counted
from tui.frame import Level
from tui.times import SECOND


async def export_shown(store: Store, settings: Settings, condition: Condition, now: int) -> tuple[str, Level]:
    """Write a file of its own; returns what to say of it."""
    path = Path.cwd() / f"requests-{datetime.fromtimestamp(now / SECOND):%Y%m%d-%H%M%S}.har"
    try:
        number = await asyncio.to_thread(export, store, settings, condition, path, AT_MOST, replace=False)
    except FileExistsError:
        return f"not written: {path} is there already; try again in a second", "warning"
    except OSError as error:
        remedy = "start the console in a folder that you can write to, or use `manciple requests --har FILE`"
        return f"not written: {error.strerror or error}: {path}; {remedy}", "bad"
    except StoreError as error:
        return f"not written: {error}", "bad"
    if not number:
        return "not written: nothing matches", "warning"
    newest = ", the newest" if number == AT_MOST else ""
    return f"{counted(number, 'exchange')}{newest} in {path}; secrets are masked", "good"
