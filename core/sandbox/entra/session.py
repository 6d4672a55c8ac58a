"""What the steps of one cycle share."""

from dataclasses import dataclass

from core.sandbox.directory import Directory
from core.sandbox.entra.endpoint import Endpoint
from core.sandbox.entra.memory import Memory
from core.sandbox.entra.report import Tally
from core.sandbox.entra.wire import Dialect


@dataclass(frozen=True, slots=True)
class Session:
    """One cycle's source, target, memory and counts."""

    directory: Directory
    endpoint: Endpoint
    memory: Memory
    tally: Tally
    dialect: Dialect
    members_per_patch: int
