"""What every screen shows or needs: whether an engine is alive, and what waits for an admin."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.store import conflicts, engines, latest, runs

SIGN_OF_LIFE = 10_000
"""Milliseconds after which an engine that gave none is taken for dead."""
_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand, as last read."""

    unstopped: tuple[engines.Engine, ...] = ()
    """Those that have not said that they ended; whether they live, time tells."""
    last: engines.Engine | None = None
    """The one that started last."""
    stopped_at: int | None = None
    """When that one said that it had ended."""
    waiting: tuple[runs.Run, ...] = ()
    """The runs that wait for approval."""
    open_conflicts: int = 0
    """How many conflicts wait for an answer, of all targets."""

    def alive(self, now: int) -> tuple[engines.Engine, ...]:
        """The engines that gave a sign of life lately."""
        return tuple(engine for engine in self.unstopped if now - engine.beat_at <= SIGN_OF_LIFE)


def read_standing(connection: Connection, now: int) -> Standing:
    """Five short queries."""
    last = latest.engine(connection)
    return Standing(
        unstopped=tuple(engines.alive(connection, _A_DAY, now)),
        last=last[0] if last else None,
        stopped_at=last[1] if last else None,
        waiting=tuple(runs.in_states(connection, ("waiting",))),
        open_conflicts=sum(conflicts.number_open(connection).values()),
    )
