"""The whole state of one simulated Crowd. Whoever touches it holds `lock`."""

from collections.abc import Sequence

from core.sandbox.crowd.applications import Application, DirectoryMapping
from core.sandbox.crowd.directories import CrowdDirectory
from core.sandbox.crowd.quirks import Quirks
from core.sandbox.crowd.settings import Settings
from core.sandbox.embedded_crowd import Directory, name_key
from core.sandbox.instance import Served
from core.sandbox.version import Version


class State(Served[Settings]):
    """Besides what every instance keeps: the directories."""

    def __init__(
        self,
        version: Version,
        context: str,
        quirks: Quirks,
        settings: Settings,
        directories: Sequence[Directory],
        seed: int,
    ) -> None:
        super().__init__(version, context, settings)
        self.quirks = quirks
        self.directories = [CrowdDirectory(directory, seed) for directory in directories]
        self.passwords: dict[str, str] = {}
        """User key → password."""

    def application(self, name: str) -> Application | None:
        """The active application of that name."""
        applications = (each for each in self.settings.applications if each.active)
        return next((each for each in applications if name_key(each.name) == name_key(name)), None)

    def behind(self, application: Application) -> list[tuple[CrowdDirectory, DirectoryMapping]]:
        """The active directories of an application in their order, with what it may do there."""
        by_id = {each.directory.id: each for each in self.directories if each.directory.active}
        if application.directories is None:
            return [(directory, DirectoryMapping(ident)) for ident, directory in by_id.items()]
        return [(by_id[each.directory], each) for each in application.directories if each.directory in by_id]
