"""What each kind of target can do at best, for those who must not ask it: `manciple explain` answers from the store.

What this very instance can do is probed (`Target.capabilities`), and may be less.
"""

from collections.abc import Mapping

from core.planning.values import Capabilities
from core.targets.confluence import names as confluence
from core.targets.jira import names as jira
from core.targets.jira.probing import RENAME_GROUP

AT_BEST: Mapping[str, Capabilities] = {
    "confluence": Capabilities(names=confluence.NAME_RULES),
    "jira": Capabilities(
        rename_user=None,
        delete_user=None,
        delete_group=None,
        rename_group=RENAME_GROUP,
        leads=None,
        names=jira.NAME_RULES,
    ),
}
"""By the kind of `[[target]]`."""
