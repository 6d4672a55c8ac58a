"""What Atlassian's refusals mean: a domain that is not verified, a directory that is full, or a fault of this one item.

The statuses of these are not documented, so the text decides; where it says nothing of the kind, the refusal stays as
it came.
"""

from core.targets.protocol import NoSeats, Refused, TargetError

_FULL = ("limit", "exceed", "maximum", "too many")
_DOMAIN = ("domain", "verified")


class UnverifiedDomain(Refused):
    """The mail address is of a domain that the organization has not verified: no such account is managed by it."""


def is_about_a_limit(error: TargetError) -> bool:
    """Whether something would become too many."""
    return _says(error, _FULL)


def of_user(error: TargetError, email: str) -> TargetError:
    """The refusal of a user, told apart by its cause."""
    if is_about_a_limit(error):
        return NoSeats(
            error.message,
            remedy="The directory is full: let users who are not needed leave it, or ask Atlassian for a higher limit.",
            status=error.status,
        )
    if error.status == 400 and _says(error, _DOMAIN):
        domain = email.rpartition("@")[2]
        return UnverifiedDomain(
            error.message,
            remedy=f"Verify {domain} in admin.atlassian.com under Settings, Domains, or give the user an address of a "
            "domain that is verified.",
            status=error.status,
        )
    return error


def of_group(error: TargetError) -> TargetError:
    """The refusal of a group or of its members, told apart by its cause."""
    if not is_about_a_limit(error):
        return error
    return Refused(
        error.message,
        remedy="Spread the members over several groups, or ask Atlassian for a higher limit.",
        status=error.status,
    )


def _says(error: TargetError, words: tuple[str, ...]) -> bool:
    said = error.message.partition(": ")[2].lower()  # before it stand the target's name and what was asked
    return any(word in said for word in words)
