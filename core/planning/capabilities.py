"""What a product can do, and what it accepts as names: probed by its target, and given to the planner."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameRules:
    """What a product accepts as account and group names (`reference`: the product's own validation)."""

    forbidden_in_username: str = ""
    username_lower_case: bool = False
    username_max: int = 255
    whitespace_in_username: bool = True
    reserved_usernames: frozenset[str] = frozenset()
    """In lower case."""
    forbidden_in_display_name: str = ""
    display_name_max: int = 255
    reserved_display_names: frozenset[str] = frozenset()
    """In lower case."""
    forbidden_in_group_name: str = ""
    group_name_max: int = 255
    reserved_group_names: frozenset[str] = frozenset()
    """In lower case."""
    kept_groups: tuple[str, ...] = ()
    """Globs of names that the product keeps for groups of its own, which give access or administer: none of them is
    ever taken over unasked."""
    email_required: bool = False
    email_checked: bool = False
    """The product refuses what is no address."""
    email_unique: bool = False
    """No two accounts may have one address."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this target can do over its REST, probed, never guessed from the version.

    Each entry is `None` where the operation works, else the reason why not and the way round, ready to show.
    """

    create_user: str | None = None
    update_user: str | None = None
    rename_user: str | None = "This product does not rename accounts."
    set_active: str | None = None
    delete_user: str | None = "This product does not delete accounts."
    create_group: str | None = None
    rename_group: str | None = "This product does not rename groups."
    delete_group: str | None = "This product does not delete groups."
    members: str | None = None
    leads: str | None = "This product has no leads."
    """Projects and components that accounts lead can be read and moved."""
    attributes: frozenset[str] = frozenset()
    """Names of the further attributes that accounts can hold (`users.attributes`)."""
    names: NameRules = NameRules()
    directory: str | None = None
    """The user directory that accounts shall be in, as configured; `None`: any."""
