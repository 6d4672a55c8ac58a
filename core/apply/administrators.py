"""The administrators of a target: whoever asks for a change, it is not made where too few of them would be left."""

from collections.abc import Iterable, Iterator, Sequence

from core.apply.site import Site
from core.apply.worlds import is_admin_group
from core.planning.brakes import too_few_left
from core.planning.changes import Change
from core.planning.values import AdminGroup
from core.store import observed


def admin_groups(site: Site) -> tuple[AdminGroup, ...]:
    """The administrators' groups of a target, as last observed."""
    with site.store.read() as connection:
        return tuple(observed.admin_groups(connection, site.name, lambda name: is_admin_group(site.rules, name)))


def too_few(site: Site, changes: Iterable[Change]) -> Iterator[tuple[str, Sequence[Change]]]:
    """For each administrators' group that would keep too few: a sentence, and those of these changes that take from it.

    What waits elsewhere does not count: it is looked at in the same way once it is to be made.
    """
    return too_few_left(changes, admin_groups(site), site.rules.brakes.min_admins)
