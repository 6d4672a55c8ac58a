"""The e-mails of Confluence's accounts, which stand in few of its answers; where they do not, nobody tells them.

The listing of licensed active accounts (9.3 and later) has them, and the profile for mobile devices has that of one
account. The profile is no part of the documented REST API, so nothing depends on it.
"""

from core.targets.confluence import reading
from core.targets.confluence.names import can_address, segment
from core.targets.confluence.paging import listed
from core.targets.confluence.session import Session, named
from core.targets.protocol import CredentialFailed, IncompleteRead, NotFound, Refused, Unavailable, Unsupported

_LISTINGS = ("/admin/users/list/active", "/user/list/active")
"""The reference names the first path, the issue that announced it (CONFSERVER-37100) the second."""


class Emails:
    """The e-mails that one Confluence tells."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._has_profiles = True

    async def of(self, name: str) -> str | None:
        """The e-mail of one account; `None` where its profile is not there, is forbidden, or fails by itself (500)."""
        if not self._has_profiles or not can_address(name):
            return None
        try:
            answer = await self._session.http.read(f"/rest/mobile/1.0/profile/{segment(name)}", subject=name)
            return reading.profile_email(named(answer).document())
        except Unsupported:
            self._has_profiles = False
        except (IncompleteRead, Refused):
            pass
        except (CredentialFailed, Unavailable) as error:
            if error.status not in (403, 500):
                raise
        return None

    async def all(self) -> dict[str, str]:
        """E-mail by `userKey`, of licensed active accounts; empty where this version (before 9.3) lists none.

        An e-mail lost between two pages is only not told.
        """
        for path in _LISTINGS:
            try:
                return {
                    str(user.get("userKey")): email
                    async for user in listed(self._session, path, exact=False)
                    if isinstance(email := user.get("email"), str)
                }
            except (NotFound, Unsupported):
                continue
        return {}
