"""The products that the contract tests run against."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import jira
from stage import Stage

STAGES: dict[str, Callable[[], AbstractAsyncContextManager[Stage]]] = {
    "jira": jira.stage,
}
"""By kind of target."""
