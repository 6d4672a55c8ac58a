"""What is shown of a provider that is read over Microsoft Graph, read from the store in one go."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.store import graph_feeds, graph_objects, graph_pulls
from core.store.graph_feeds import Feed
from core.store.graph_objects import Mirrored
from core.store.graph_pulls import PullRow

LEFT_OUT = 5
"""Users and groups that are left out and named."""


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """How far a directory was read."""

    feeds: tuple[Feed, ...] = ()
    """Those of users and of groups."""
    pull: PullRow | None = None
    """The last pull, which may be under way."""
    left_out: tuple[Mirrored, ...] = ()
    """Some of those that cannot be kept, each with the reason."""
    left_out_in_all: int = 0

    @property
    def done_at(self) -> int | None:
        """When both feeds were read to the end of a round."""
        times = [feed.done_at for feed in self.feeds]
        return min(times) if len(times) == 2 and None not in times else None  # type: ignore[type-var]

    @property
    def failure(self) -> Feed | None:
        """Where the last pull failed, the feed with the reason."""
        return next((feed for feed in self.feeds if feed.error is not None), None)


def read_graph(connection: Connection, provider: str, before: GraphFacts | None = None) -> GraphFacts:
    """How far the directory of a provider was read. Who is left out is looked for only where a pull ended since
    `before`: it takes a walk over everybody."""
    feeds = tuple(feed for feed in graph_feeds.feeds(connection, provider) if feed.feed != "scope")
    pull = graph_pulls.last(connection, provider)
    if before is not None and before.pull is not None and pull is not None and _ended(before.pull) == _ended(pull):
        return GraphFacts(feeds, pull, before.left_out, before.left_out_in_all)
    problems = graph_objects.problems(connection, provider)
    return GraphFacts(feeds, pull, tuple(problems[:LEFT_OUT]), len(problems))


def _ended(pull: PullRow) -> tuple[int, int | None]:
    return pull.started_at, pull.ended_at
