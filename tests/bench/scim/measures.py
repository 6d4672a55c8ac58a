"""What is measured: each operation with its connections, and the contenders that can do it."""

from dataclasses import dataclass, replace

from tests.bench.scim.contender import FLOOR, Contender


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table."""

    name: str
    part: str
    """What `--only` calls it."""
    operation: str
    connections: int
    group: str = ""
    """The size of the group that it is about."""
    only_floors: bool = False
    """Only the floors do it, for others to be compared with."""

    def takes(self, contender: Contender) -> bool:
        """Whether a contender can do it."""
        if self.only_floors and contender.operations != FLOOR:
            return False
        largest = contender.largest_group
        small_enough = not self.group or largest is None or int(self.group) <= largest
        return self.operation in contender.operations and small_enough


PARTS = ("create", "get", "userName", "externalId", "patch", "members", "list", "group", "sizes", "sync")
"""The rows of the main table, then `eq` in stores of several sizes, then the latency during a synchronisation."""


_COMPARED_WITH = {"patch": "create", "members": "create", "userName": "get", "externalId": "get"}
"""The part in which the floor of another is measured, where it is not its own."""


def chosen(rows: list[Measure], parts: list[str]) -> list[Measure]:
    """The rows of these parts, and of the floors those that they are compared with."""
    floors = {_COMPARED_WITH.get(part, part) for part in parts}
    asked = [row if row.part in parts else replace(row, only_floors=True) for row in rows]
    return [row for row in asked if row.part in floors.union(parts)]


def measures(connections: int, groups: list[int]) -> list[Measure]:
    """All rows of the main table."""
    rows = [
        Measure("create, 1 connection", "create", "create", 1),
        Measure("create", "create", "create", connections),
        Measure("get by id", "get", "get", connections),
        Measure("userName eq", "userName", "userName", connections),
        Measure("externalId eq", "externalId", "externalId", connections),
        Measure("patch active", "patch", "patch", connections),
    ]
    rows += [Measure(f"group of {size:,}, 1 connection", "members", "members", 1, str(size)) for size in groups]
    rows += [Measure("list, page of 100", "list", "list", connections)]
    rows += [
        Measure(f"get group of {size:,} without members", "group", "group", connections, str(size)) for size in groups
    ]
    return rows
