"""What the documentation of Atlassian's user provisioning leaves open, as settings whose defaults are the best reading.

A client must work with every combination. Where a fact is documented, there is no setting for it.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quirks:
    """The habits of one simulated directory."""

    bad_key: Literal[401, 403] = 401
    """What a wrong or expired API key gets."""
    upper_case_types: bool = True
    """`meta.resourceType` is `USER` or `GROUP` instead of the RFC's `User` or `Group`."""
    deactivated: Literal["shown", "gone"] = "shown"
    """A user with `active: false` is still read, or answers 404 as a deleted one does: the documentation says of
    DELETE that it is the same as setting `active` to false, and that the user is not available afterwards."""
    deleted_comes_back: Literal["new-id", "same-id", "conflict"] = "new-id"
    """What creating a user does whose name a deleted one has."""
    patch_revives: bool = False
    """A PATCH or PUT of a deleted user's id finds it; with `active: true` it comes back."""
    user_groups: Literal["shown", "omitted"] = "shown"
    """Whether a user tells the groups it is in; left out, it does not even tell that it tells nothing."""
    external_id: Literal["kept", "ignored"] = "kept"
    """The documentation has `externalId` as read-only; identity providers send it all the same."""
    limit_status: Literal[400, 403, 409] = 400
    """What exceeding the number of users, groups or members answers."""
    most_members_in_patch: int | None = None
    """Members that one PATCH may add or remove."""
    remove_members: Literal["both", "filter", "value"] = "both"
    """How members can be removed: by a filter in the path, by a list of values, or by either."""
