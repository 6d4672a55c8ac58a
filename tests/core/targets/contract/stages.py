"""The products that the contract tests run against."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import bitbucket
import cloud
import confluence
import crowd
import jira
from stage import Stage

STAGES: dict[str, Callable[[], AbstractAsyncContextManager[Stage]]] = {
    "confluence": confluence.stage,
    "crowd": crowd.stage,
    "bitbucket": bitbucket.stage,
    "cloud": cloud.stage,
    "jira": jira.stage,
}
"""By kind of target."""
