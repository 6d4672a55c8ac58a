"""What each kind of target can do at best, for those who must not ask it: `manciple explain` answers from the store.

What this very instance can do is probed (`Target.capabilities`), and may be less.
"""

from collections.abc import Mapping

from core.config.settings import TargetKind
from core.planning.values import Capabilities
from core.targets.bitbucket import names as bitbucket
from core.targets.bitbucket import probing as of_bitbucket
from core.targets.confluence import names as confluence
from core.targets.crowd import names as crowd
from core.targets.crowd.reading import EXTERNAL_ID, NAME_PARTS
from core.targets.jira import names as jira
from core.targets.jira.probing import RENAME_GROUP

_AT_BEST: Mapping[str, Capabilities] = {
    "bitbucket": Capabilities(
        rename_user=None,
        delete_user=None,
        delete_group=None,
        rename_group=of_bitbucket.RENAME_GROUP,
        names=bitbucket.NAME_RULES,
    ),
    "confluence": Capabilities(
        rename_user=confluence.RENAME_USER,
        delete_user=None,
        delete_group=None,
        rename_group=confluence.RENAME_GROUP,
        names=confluence.NAME_RULES,
    ),
    "crowd": Capabilities(
        rename_user=None,
        delete_user=None,
        delete_group=None,
        rename_group=crowd.RENAME_GROUP,
        attributes=frozenset({*NAME_PARTS, EXTERNAL_ID}),
        names=crowd.NAME_RULES,
    ),
    "jira": Capabilities(
        rename_user=None,
        delete_user=None,
        delete_group=None,
        rename_group=RENAME_GROUP,
        leads=None,
        names=jira.NAME_RULES,
    ),
}


def at_best(kind: TargetKind) -> Capabilities:
    """What a `[[target]]` of this kind can do at best."""
    return _cloud() if kind == "cloud" else _AT_BEST[kind]


def _cloud() -> Capabilities:
    # Imported here: the SCIM models are large, and needed by no other product.
    from core.targets.cloud import names, probing
    from core.targets.cloud.reading import ATTRIBUTES

    return Capabilities(
        rename_user=None,
        delete_user=probing.DELETE_USER,
        rename_group=probing.RENAME_GROUP,
        delete_group=None,
        attributes=frozenset(ATTRIBUTES),
        names=names.NAME_RULES,
    )
