"""Makes the screenshots of the README from the running demonstration: python docs/screenshots.py"""

import asyncio
import os
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


async def shoot(config: Path) -> None:
    """Open the console on the demonstration, and save what it shows."""
    settings = load_settings(config)
    with Store.open(settings.store.url) as store:
        console = Console(
            store, settings, environment=os.environ | {"XDG_CONFIG_HOME": "/nonexistent"}, start_engine=None
        )
        async with console.run_test(size=SIZE) as pilot:
            await asyncio.sleep(SECONDS)
            for key, name in (("1", "overview"), ("2", "requests"), ("3", "sync")):
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
