"""The answers that conflicts offer: few, with the same keys everywhere, each with what choosing it does.

The first answer of a conflict is its default, and no default destroys anything.
"""

from core.planning.changes import Conflict, Needs, Resolution


def create_under_other_name(proposed: str) -> Resolution:
    """Key N, with a free name to start from."""
    return Resolution(
        "N",
        "Create under another name",
        f"Creates an account under a name you give, such as '{proposed}', and links it to the user.",
        "account-name",
        proposed,
    )


def recreate(name: str) -> Resolution:
    """Key N for an account that vanished."""
    return Resolution("N", "Create it again", f"Creates a new account '{name}' and links the user to it.", None, name)


def link(consequence: str, account_id: str | None = None) -> Resolution:
    """Key L; `consequence` says what is linked to what: the account of this id, or one that must be named."""
    return Resolution("L", "Link", consequence, None if account_id else "account", account_id)


def edit_mapping(rule: str) -> Resolution:
    """Key E, for the rule that made the value; it is the proposed one."""
    text = f"Opens {rule} with a preview; the next plan uses the changed rule."
    return Resolution("E", "Edit the mapping", text, None, rule)


def merge(consequence: str, group: str) -> Resolution:
    """Key M; `consequence` says what becomes one in the target group of this name."""
    return Resolution("M", "Merge", consequence, None, group)


def approve_once(consequence: str, name: str) -> Resolution:
    """Key A; `consequence` says what is done this once, to the account or group of this name."""
    return Resolution("A", "Approve once", consequence, None, name)


def transfer(consequence: str) -> Resolution:
    """Key T; `consequence` says what goes to whom before what."""
    return Resolution("T", "Transfer then continue", consequence, "successor")


def keep_name(name: str) -> Resolution:
    """Key K for an account or group whose name would change."""
    return Resolution("K", "Keep the name", f"It stays '{name}', whatever the IdP calls it.", None, name)


def other_name(title: str, consequence: str, needs: Needs, proposed: str | None = None) -> Resolution:
    """Key N for one that keeps its own way, under a name that the admin gives."""
    return Resolution("N", title, consequence, needs, proposed)


HOLD = Resolution("H", "Hold", "Leaves everything as it is until you decide; nothing else waits for it.")
SKIP_ALWAYS_USER = Resolution("X", "Skip always", "Leaves this user out of this target from now on.")
SKIP_ONCE = Resolution("S", "Skip once", "Puts it out of sight until a later plan meets it again.")
RETRY = Resolution("R", "Retry now", "Plans it once more at once, after something was put right elsewhere.")
SKIP_ALWAYS_GROUP = Resolution("X", "Skip always", "Leaves this group out of this target from now on.")

_ALWAYS = (HOLD, SKIP_ONCE, RETRY)


def offered(conflict: Conflict) -> tuple[Resolution, ...]:
    """The answers to a conflict: its own, the default first, and those that every conflict has."""
    own = {resolution.key for resolution in conflict.resolutions}
    return (*conflict.resolutions, *(each for each in _ALWAYS if each.key not in own))
