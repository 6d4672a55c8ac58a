"""Who is in which group: direct, nested and through nesting. Every edit costs the same in every group."""

from collections.abc import Callable, Container, Iterable, Iterator, KeysView


class Memberships:
    """Direct memberships in both directions. A group may be a member of another, circles included."""

    def __init__(self) -> None:
        self._members: dict[str, dict[str, None]] = {}
        self._groups_of: dict[str, dict[str, None]] = {}

    def add_group(self, group_id: str) -> None:
        """Note a group without members."""
        self._members[group_id] = {}

    def join(self, group_id: str, member_id: str) -> bool:
        """Make something a member of a group; False if it is one already."""
        if member_id in self._members[group_id]:
            return False
        self._members[group_id][member_id] = None
        self._groups_of.setdefault(member_id, {})[group_id] = None
        return True

    def leave(self, group_id: str, member_id: str) -> bool:
        """End a membership; False if there is none."""
        if member_id not in self._members[group_id]:
            return False
        del self._members[group_id][member_id]
        del self._groups_of[member_id][group_id]
        return True

    def drop_member(self, member_id: str) -> tuple[str, ...]:
        """Take something out of all groups, and tell which they were."""
        groups = tuple(self._groups_of.pop(member_id, ()))
        for group_id in groups:
            del self._members[group_id][member_id]
        return groups

    def drop_group(self, group_id: str) -> None:
        """Forget a group, its members, and that it was a member itself."""
        self.drop_member(group_id)
        for member_id in self._members.pop(group_id):
            del self._groups_of[member_id][group_id]

    def members(self, group_id: str) -> KeysView[str]:
        """The direct members, in the order in which they joined.

        :raises KeyError: when there is no such group.
        """
        return self._members[group_id].keys()

    def groups_of(self, member_id: str) -> Iterable[str]:
        """The groups that hold it directly."""
        return self._groups_of.get(member_id, {}).keys()

    def members_through_nesting(self, group_id: str, without: Container[str]) -> list[str]:
        """All that is in a group or in a group within it, each once, the direct members first.

        What is in `without` is passed over, and what is only in that as well.
        """
        return list(self._walk(group_id, lambda each: self._members.get(each, {}), without))

    def groups_through_nesting(self, member_id: str, without: Container[str]) -> list[str]:
        """All groups that hold it, directly or through another, each once."""
        return list(self._walk(member_id, self.groups_of, without))

    @staticmethod
    def _walk(start: str, neighbours: Callable[[str], Iterable[str]], without: Container[str]) -> Iterator[str]:
        seen = {start}
        level: Iterable[str] = (start,)
        while level:
            following = []
            for each in level:
                for found in neighbours(each):
                    if found not in seen and found not in without:
                        seen.add(found)
                        following.append(found)
                        yield found
            level = following
