"""The answers that conflicts offer: few, with the same keys everywhere, each with what choosing it does.

The first answer of a conflict is its default, and no default destroys anything.
"""

from core.planning.changes import Resolution


def create_under_other_name(proposed: str) -> Resolution:
    """Key N, with a free name to start from."""
    return Resolution(
        "N",
        "Create under another name",
        f"Creates an account under a name you give, such as '{proposed}', and links it to the user.",
    )


def recreate(name: str) -> Resolution:
    """Key N for an account that vanished."""
    return Resolution("N", "Create it again", f"Creates a new account '{name}' and links the user to it.")


def link(consequence: str) -> Resolution:
    """Key L; `consequence` says what is linked to what."""
    return Resolution("L", "Link", consequence)


def edit_mapping(rule: str) -> Resolution:
    """Key E, for the rule that made the value."""
    return Resolution("E", "Edit the mapping", f"Opens {rule} with a preview; the next plan uses the changed rule.")


def merge(consequence: str) -> Resolution:
    """Key M; `consequence` says what becomes one."""
    return Resolution("M", "Merge", consequence)


def approve_once(consequence: str) -> Resolution:
    """Key A; `consequence` says what is done this once."""
    return Resolution("A", "Approve once", consequence)


def transfer(consequence: str) -> Resolution:
    """Key T; `consequence` says what goes to whom before what."""
    return Resolution("T", "Transfer then continue", consequence)


def keep_name(name: str) -> Resolution:
    """Key K for an account or group whose name would change."""
    return Resolution("K", "Keep the name", f"It stays '{name}', whatever the IdP calls it.")


HOLD = Resolution("H", "Hold", "Leaves everything as it is until you decide; nothing else waits for it.")
SKIP_ALWAYS_USER = Resolution("X", "Skip always", "Leaves this user out of this target from now on.")
SKIP_ALWAYS_GROUP = Resolution("X", "Skip always", "Leaves this group out of this target from now on.")
