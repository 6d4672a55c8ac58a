"""Who takes a seat of the licence: every active user in a group with the global permission "can use"."""

from collections.abc import Callable, Iterable

from core.sandbox.confluence.settings import Settings
from core.sandbox.embedded_crowd import Account, Listings, name_key


class Seats:
    """The licensed users, kept current user by user, so that a creation never counts them all."""

    def __init__(self) -> None:
        self._licensed: set[str] = set()
        self._listings = Listings()

    def __len__(self) -> int:
        """How many seats are taken."""
        return len(self._licensed)

    def accounts(self) -> list[str]:
        """Sorted name keys of the licensed users."""
        return self._listings.names("licensed", lambda: self._licensed)

    def free(self, settings: Settings) -> int | None:
        """How many more licensed users there may be; None is unlimited."""
        return None if settings.seats is None else max(0, settings.seats - len(self._licensed))

    def reassess(
        self,
        names: Iterable[str],
        settings: Settings,
        account: Callable[[str], Account | None],
        groups_of: Callable[[str], set[str]],
    ) -> None:
        """Work out anew which of these users take a seat."""
        use_groups = {name_key(group) for group in settings.use_groups}
        for key in names:
            found = account(key)
            takes_seat = found is not None and found.active and bool(use_groups & groups_of(key))
            if takes_seat != (key in self._licensed):
                (self._licensed.add if takes_seat else self._licensed.discard)(key)
                self._listings.touch("licensed")
