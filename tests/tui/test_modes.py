import pytest

from core.store import Store
from tui.actions import ACTIONS, Place
from tui.frame import MODES
from tui.modes import SCREENS, make_screen


@pytest.mark.parametrize("place", SCREENS)
async def test_every_place_has_its_screen(store: Store, place: Place) -> None:
    screen = make_screen(place, store)
    assert (type(screen).__name__.lower(), screen.PLACE) == (f"{place}screen".replace("_", ""), place)


def test_every_screen_has_a_key_and_a_place_in_the_title() -> None:
    called = {action.call for action in ACTIONS}
    assert set(SCREENS) == set(MODES)
    assert {f"switch_mode('{place}')" for place in SCREENS} <= called
