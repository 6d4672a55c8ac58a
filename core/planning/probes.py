"""Test users and test groups of an IdP: recognised, shown as such, and provisioned nowhere.

JumpCloud creates, changes and deletes a real user and a real group whenever its connection is tested or activated, and
it documents no mark on them: the user's e-mail address is whatever the admin typed there, the group's name is
nobody's to know. So there are two rules, and neither guesses by how a name sounds:

- `probes`: the admin tells which names are tests. Certain, and for good.
- `hold`: what a provider made less than this long ago waits. A test is deleted (or deactivated) by its own handshake
  within seconds, and what was never provisioned and is gone or inactive then stays out anyway.
"""

from dataclasses import dataclass

from core.planning import notes
from core.planning.globs import matching_glob
from core.planning.notes import Topic
from core.planning.values import Probes, SourceGroup, SourceUser


@dataclass(frozen=True, slots=True)
class ProbeRules:
    """How a provider's tests are recognised: `[[provider]]`, `probes` and `hold`."""

    names: tuple[str, ...] = ()
    """Globs of userNames, e-mail addresses and group names."""
    hold: int = 0
    """Seconds for which what is new waits; 0: not at all."""

    def at(self, now: int) -> Probes:
        """The rules at one moment, in milliseconds since 1970."""
        return Probes(self.names, now - self.hold * 1000 if self.hold else None)


NO_PROBE_RULES = ProbeRules()


def withheld(found: SourceUser | SourceGroup, probes: Probes) -> Topic | None:
    """Why a user without an account, or a group, is left out; `None` where it is not."""
    if any(matching_glob(probes.names, name) is not None for name in _names(found)):
        return notes.PROBE
    return notes.HELD if probes.newer_than is not None and found.created_at > probes.newer_than else None


def _names(found: SourceUser | SourceGroup) -> tuple[str, ...]:
    if isinstance(found, SourceGroup):
        return (found.display_name,)
    mails = (value for path, value in found.attributes.items() if path.startswith("emails."))
    return (found.user_name, *mails)
