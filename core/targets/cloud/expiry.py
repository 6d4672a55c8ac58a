"""When the API key ends. Atlassian tells it over no API that this key opens, so that it can only be configured.

An organization's own API (`/admin/v1`) would need another, mightier key, which manciple does not ask for.
"""

import math
from datetime import UTC, date, datetime, time, timedelta

from core.targets.cloud.session import KEY_REMEDY
from core.targets.protocol import Finding

SUBJECT = "API key"
WARN = 30
"""Days before the end from which the check says so."""
FAIL = 14
"""Days before the end from which the check fails."""


def expiry(expires: date | None, now: float) -> Finding:
    """What there is to say of a key that is good until the end of the day `expires`; `now` is seconds since 1970."""
    if expires is None:
        return Finding(
            SUBJECT,
            True,
            "Atlassian does not tell over this API when the API key expires. Write the day into the target's "
            "credential_expires, and the check warns of it.",
        )
    end = datetime.combine(expires + timedelta(days=1), time(), UTC).timestamp()
    days = math.floor((end - now) / 86_400)
    if now >= end:
        return Finding(SUBJECT, False, f"The API key expired on {expires}, as credential_expires says.", KEY_REMEDY)
    left = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    text = f"The API key expires {left}, on {expires}."
    if days <= FAIL:
        return Finding(SUBJECT, False, text, KEY_REMEDY)
    return Finding(SUBJECT, True, f"{text} Regenerate it in time." if days <= WARN else text)
