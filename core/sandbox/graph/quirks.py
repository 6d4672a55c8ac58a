"""The habits of Graph that a client must live with, each by itself, as settings.

The defaults are Graph on a good day: what is documented as always so, and nothing of what may happen. A client must
work with every combination.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quirks:
    """The habits of one simulated Graph."""

    delta_page_size: int = 200
    """Objects on a page of delta."""
    members_per_page: int = 1000
    """Entries of `members@delta` on a page; a larger group comes again on the next page, with more of its members."""
    empty_page_every: int = 0
    """After so many pages of delta comes an empty one that still has a nextLink; 0 is never."""
    repeats_objects: bool = False
    """The last object of a page of delta comes again at the beginning of the next."""
    shuffles: bool = False
    """A round of delta comes in any order."""
    seed_tells_deleted: bool = False
    """A first round of delta also tells what lies in the recycle bin, as removed."""
    deletion_leaves_groups: bool = False
    """Deleting a user is also told as `members@delta` removals from each group."""
    restoring_joins_groups: bool = True
    """Restoring a user is also told as `members@delta` additions to each group."""
    security_groups_restorable: bool = False
    """Deleted security groups go to the recycle bin as well, instead of being gone at once."""

    expired_token: Literal["410", "400"] = "410"
    """What an expired delta token answers: 410 Gone with a Location to start from, or 400 syncStateNotFound."""
    token_days: float = 7
    """How long a delta token is good."""
    page_token_seconds: float | None = None
    """How long a nextLink is good; None is as long as the simulator remembers it."""

    lag_reads: int = 0
    """How often a new object is missing from answers that would show it."""
    expand_limit: int = 20
    """How many objects `$expand` gives of a relation, without a word about the others."""
    batch_absolute_urls: bool = False
    """`$batch` takes absolute URLs of its own host, as the SDK sends them."""
    batch_shuffles: bool = True
    """The answers of a batch come in any order."""
    units_per_10_seconds: int | None = None
    """Resource units that an application may use of a tenant; None goes by the number of users, as documented."""
    tells_throttle_details: bool = True
    """429 carries `x-ms-throttle-scope` and `x-ms-throttle-information`."""


NO_QUIRKS = Quirks()
"""Graph on a good day."""

ROUGH = Quirks(
    delta_page_size=7,
    members_per_page=40,
    empty_page_every=3,
    repeats_objects=True,
    shuffles=True,
    seed_tells_deleted=True,
    deletion_leaves_groups=True,
    lag_reads=1,
)
"""Graph on a bad day: everything that is legal and makes reading hard."""
