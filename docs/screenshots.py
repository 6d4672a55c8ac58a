"""Makes the screenshots of README and docs from the running demonstration: python docs/screenshots.py"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from core.config import load_settings
from core.sandbox.demo.running import simulated_ends
from core.sandbox.demo.workplace import engine
from core.store import Store
from tui.app import Console

HERE = Path(__file__).parent
SIZE = (110, 30)
SECONDS = 22.0
"""Until then the first cycle is in full swing."""
SHOTS: Sequence[tuple[str, Sequence[str]]] = (
    ("overview", ["1"]),
    ("requests", ["2"]),
    ("sync", ["3", "tab", "up", "up", "enter"]),
    ("people", ["5"]),
    ("providers", ["6", "w"]),
    ("targets", ["7"]),
    ("user_sync", ["8"]),
    ("group_sync", ["9", "n", "t"]),
    ("conflicts", ["escape", "escape", "4"]),
)
"""Name of the picture → the keys that lead to it."""


async def shoot(config: Path) -> None:
    """Open the console on the demonstration, and save what it shows."""
    settings = load_settings(config)
    nowhere = {"XDG_CONFIG_HOME": "/nonexistent", "XDG_STATE_HOME": "/nonexistent"}
    with Store.open(settings.store.url) as store:
        console = Console(store, settings, environment=os.environ | nowhere, start_engine=None)
        async with console.run_test(size=SIZE) as pilot:
            await asyncio.sleep(SECONDS)
            for name, keys in SHOTS:
                for key in keys:
                    await pilot.press(key)
                    await asyncio.sleep(2)
                console.save_screenshot(f"{name}.svg", str(HERE))


def main() -> None:
    """Run the demonstration's ends and engine, and take the pictures."""
    with (
        TemporaryDirectory(prefix="manciple-demo-") as folder,
        simulated_ends(Path(folder), users=80, seed=1, faults=0) as workplace,
        engine(workplace),
    ):
        asyncio.run(shoot(workplace.config))


if __name__ == "__main__":
    main()
