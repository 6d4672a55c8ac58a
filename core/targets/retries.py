"""When an outward call is tried again, and after how long. Pure: it decides, `core.targets.http` acts.

A read may always be tried again. A write only where it certainly had no effect: the product never saw it, or said
so (429, 503). Everything else about a write is for the executor to read back, never to repeat blindly.
"""

from dataclasses import dataclass

from core.targets.answer import Answer, NoAnswer

_READ_AGAIN = frozenset({429, 500, 502, 503, 504})
_WRITE_AGAIN = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call goes on trying."""

    attempts: int = 9
    total: float = 180.0
    """Seconds from the first attempt after which no further one starts."""
    base: float = 0.5
    """Seconds: the longest wait before the second attempt; it doubles with each further one."""
    longest: float = 30.0

    def delay(self, attempt: int, chance: float) -> float:
        """Seconds to wait after `attempt` (1, 2, …), with full jitter: `chance` in [0, 1) of the growing bound."""
        return chance * min(self.longest, self.base * 2.0 ** (attempt - 1))


PATIENT = Patience()
ONCE = Patience(attempts=1, total=30.0)
"""For health checks: one try, and the reason at once."""


def worth_repeating(result: Answer | NoAnswer, *, effect: bool) -> bool:
    """Whether the same request may and should be sent again; `effect` says that it may change something."""
    if isinstance(result, NoAnswer):
        return not result.lasting and not (effect and result.sent)
    return result.status in (_WRITE_AGAIN if effect else _READ_AGAIN)
