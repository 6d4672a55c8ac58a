"""Long tasks: work that Confluence accepts now (202) and does later, while the client polls.

A task is done after so many polls or so many seconds, whichever comes first; finished tasks can be read a few times
and then vanish. Nothing runs in the background: `settle` does what is due, and is called before every request.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.sandbox.confluence.quirks import Quirks


@dataclass(slots=True)
class _Task:
    id: str
    name: str
    began: float
    work: Callable[[], bool]
    polls: int = 0
    reads: int = 0
    done: bool = False
    successful: bool = False


class LongTasks:
    """The long tasks of one instance. `clock` counts seconds and never goes back."""

    def __init__(self, quirks: Quirks, clock: Callable[[], float]) -> None:
        self._quirks = quirks
        self._clock = clock
        self._tasks: dict[str, _Task] = {}
        self._pending: dict[str, _Task] = {}
        """Oldest first."""
        self._started = 0

    def start(self, name: str, work: Callable[[], bool]) -> str:
        """Accept `work`, which answers whether it succeeded, and answer the task's id."""
        self._started += 1
        task = _Task(f"{self._started:08x}-long-task", name, self._clock(), work)
        self._tasks[task.id] = self._pending[task.id] = task
        return task.id

    def settle(self) -> None:
        """Do the work of every task whose time has come."""
        due = self._clock() - self._quirks.longtask_seconds
        while self._pending and (oldest := next(iter(self._pending.values()))).began <= due:
            self._finish(oldest)

    def poll(self, task_id: str) -> dict[str, object] | None:
        """The task as `GET /longtask/{id}` shows it, or None when there is none, or no longer."""
        task = self._tasks.get(task_id)
        if task is None:
            return None
        task.polls += 1
        if not task.done and task.polls >= self._quirks.longtask_polls:
            self._finish(task)
        if task.done:
            task.reads += 1
            if task.reads >= self._quirks.longtask_reads:
                del self._tasks[task.id]
        return {
            "id": task.id,
            "name": {"key": task.name, "args": []},
            "elapsedTime": int((self._clock() - task.began) * 1000),
            "percentageComplete": 100 if task.done else min(99, 100 * task.polls // self._quirks.longtask_polls),
            "successful": task.successful,
            "messages": [],
        }

    def _finish(self, task: _Task) -> None:
        del self._pending[task.id]
        task.done = True
        task.successful = task.work()
