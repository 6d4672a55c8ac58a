"""What a plan says it left out: one sentence for each reason, with how many and the first few names.

A note is for what was decided by a rule or cannot be helped. What an admin must decide is a conflict, not a note.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.planning.rules import ANSWER
from core.planning.wording import counted, listed


@dataclass(frozen=True, slots=True)
class Topic:
    """One reason for leaving something out."""

    text: str
    noun: str
    """What is counted."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing left out."""

    topic: Topic
    name: str


CREATE_OFF = Topic("Not created, because users.create is off", "user")
RENAME_OFF = Topic("Keep their names, because users.rename is off", "account")
OUT_OF_SCOPE = Topic("Left as they are, because they are out of scope (users.scope)", "user")
IN_GRACE = Topic("Left as they are until their grace period (users.grace) ends", "leaver")
LEADS_UNREAD = Topic("Left as they are until the next plan, because what they lead was not read for this one", "leaver")
UNSEEN = Topic("Left alone, because the read of the target broke off before them", "linked account")
UNLINKED_LEAVER = Topic("Left active, because they were never linked to the inactive users of their names", "account")
LEFT_TO_OTHERS = Topic("Left as somebody else wants it, as an admin answered", "change")
LEFT_TO_DIRECTORY = Topic("Their values are left to their directory, as an admin answered", "account")
NO_ATTRIBUTE = Topic("Left out, because accounts of this product have no such attribute", "rule")
PROBE = Topic("Never provisioned, because the provider's probes name them as tests of the connection", "name")
HELD = Topic("Not provisioned yet, because they are newer than the provider's hold and may be tests", "name")
GROUP_NO_MATCH = Topic('Left out, because groups.on_the_fly.match does not match and no_match is "skip-group"', "group")
GROUP_FOLLOWED = Topic(
    "Named otherwise by now, and followed by their ids; put the new names into groups.map", "IdP group"
)
NESTED_CYCLE = Topic("IdP groups inside each other, so that all of them have the same members", "cycle")
GROUP_MISSING = Topic("Not at the target, and groups.on_the_fly.create_missing is off", "group")


def not_renamed(reason: str) -> Topic:
    """Accounts whose users are called otherwise by now."""
    return Topic(f"Keep their names. {reason.rstrip('.')}", "account")


def group_not_renamed(reason: str) -> Topic:
    """Target groups whose IdP groups are called otherwise by now."""
    return Topic(f"Keep their names. {reason.rstrip('.')}", "group")


def not_deleted(reason: str) -> Topic:
    """Accounts of leavers that were to be deleted."""
    return Topic(f"Deactivated instead of deleted. {reason.rstrip('.')}", "account")


def skipped_by(rule: str) -> Topic:
    """Users left out because `rule` does not match, or because an admin answered so."""
    if rule == ANSWER:
        return Topic("Left out, as an admin answered to a conflict", "user")
    return Topic(f'Left out, because {rule} does not match and its no_match is "skip-user"', "user")


def sentences(notes: Iterable[Note]) -> tuple[str, ...]:
    """The notes, one sentence for each topic, whatever order they come in."""
    names_of: defaultdict[Topic, list[str]] = defaultdict(list)
    for note in notes:
        names_of[note.topic].append(note.name)
    ordered = sorted(names_of.items(), key=lambda item: item[0].text)
    return tuple(
        f"{topic.text}: {counted(len(names), topic.noun)} ({listed(sorted(names))})." for topic, names in ordered
    )
