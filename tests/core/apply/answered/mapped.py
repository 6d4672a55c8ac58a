"""C. Groups that rules name, that are renamed, or protected: C24 to C29."""

from core.planning.values import Capabilities, TargetGroup
from tests.core.apply.answered.scene import Scene
from tests.core.apply.answered.story import Given, Story

MANUAL = '[target.groups]\nmode = "manual"\n[[target.groups.map]]\nidp = ["{}"]\ntarget = "{}"'
PREFIXED = '[target.groups.on_the_fly]\nmatch = "^(.+)$"\nreplace = "idp-$1"'
RENAMES = Capabilities(rename_group=None)


async def staff(scene: Scene) -> None:
    scene.form("Staff", scene.hire("ada"))
    await scene.compare()


async def default_missing(scene: Scene) -> None:
    scene.hire("ada")
    await scene.compare()


async def source_gone(scene: Scene) -> None:
    scene.local_group("Local")
    staff = scene.form("Staff", scene.hire("ada"))
    await scene.compare()
    scene.company.delete("Group", staff)
    await scene.compare()


async def renamed_to_taken(scene: Scene) -> None:
    crew = scene.form("Crew", scene.hire("ada"))
    await scene.compare()
    scene.instant.groups["sales"] = TargetGroup("Sales", "sales")
    scene.company.rename_group(crew, "Sales")
    await scene.compare()


async def twin(scene: Scene) -> None:
    crew = scene.form("Crew", scene.hire("ada"))
    await scene.compare()
    scene.company.rename_group(crew, "Sales")
    scene.form("Crew", scene.hire("ben"))
    await scene.compare()


async def protected_account(scene: Scene) -> None:
    scene.hire("svc-backup")
    await scene.compare()


async def protected_group(scene: Scene) -> None:
    scene.local_group("wiki-administrators")
    scene.form("wiki-administrators", scene.hire("ada"))
    await scene.compare()


STORIES = (
    Story(
        "C24",
        "a mapping names no group",
        "There is no group 'Local' at the target",
        staff,
        (
            Given(
                "N",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: local', "group local"),
            ),
            Given(
                "E",
                "",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: staff', "group staff"),
            ),
        ),
        MANUAL.format("Staff", "Local"),
    ),
    Story(
        "C24",
        "a default group is not there",
        "There is no group 'Everybody' at the target",
        default_missing,
        (
            Given(
                "N",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: everybody', "group everybody"),
            ),
            Given("E", ""),
        ),
        '[target.groups]\ndefault_for_all = ["Everybody"]',
    ),
    Story(
        "C25",
        "a mapping names no IdP group",
        "IdP groups of 'Local' are not there",
        source_gone,
        (
            Given(
                "A",
                gone=('ada <ada@contoso.example> "Ada" of ada: local',),
                come=('ada <ada@contoso.example> "Ada" of ada',),
            ),
            Given(
                "E",
                "",
                gone=('ada <ada@contoso.example> "Ada" of ada: local',),
                come=('ada <ada@contoso.example> "Ada" of ada',),
            ),
        ),
        MANUAL.format("Staff", "Local"),
    ),
    Story(
        "C26",
        "renamed to a taken name",
        "'Crew' cannot be renamed to 'Sales'",
        renamed_to_taken,
        (
            Given("K"),
            Given(
                "E",
                PREFIXED,
                gone=('ada <ada@contoso.example> "Ada" of ada: crew', "group crew"),
                come=('ada <ada@contoso.example> "Ada" of ada: idp-sales', "group idp-sales"),
            ),
        ),
        able=RENAMES,
    ),
    Story(
        "C26",
        "a new group has the old name",
        "'Crew' belongs to another IdP group",
        twin,
        (
            Given(
                "N",
                "Crew two",
                gone=('ben <ben@contoso.example> "Ben" of ben',),
                come=('ben <ben@contoso.example> "Ben" of ben: crew two', "group crew two"),
            ),
            Given(
                "M",
                gone=('ben <ben@contoso.example> "Ben" of ben',),
                come=('ben <ben@contoso.example> "Ben" of ben: crew',),
            ),
            Given("X"),
        ),
    ),
    Story(
        "C29",
        "a protected account",
        "Protected account 'svc-backup' would be created",
        protected_account,
        (
            Given(
                "E",
                "",
                come=('svc-backup <svc-backup@contoso.example> "Svc-Backup" of svc-backup',),
                left=('svc-backup (inactive) <svc-backup@contoso.example> "Svc-Backup" of svc-backup',),
            ),
            Given(
                "A",
                come=('svc-backup <svc-backup@contoso.example> "Svc-Backup" of svc-backup',),
                left=('svc-backup <svc-backup@contoso.example> "Svc-Backup" of svc-backup',),
            ),
        ),
        '[target.users]\nprotect = ["svc-*"]',
    ),
    Story(
        "C29",
        "a protected group",
        "Protected group 'wiki-administrators' would change",
        protected_group,
        (
            Given(
                "E",
                "[target.groups]\nprotect = []",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: wiki-administrators',),
                lost=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada <ada@contoso.example> "Ada" of ada: wiki-administrators',),
            ),
            Given(
                "A",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: wiki-administrators',),
                lost=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada <ada@contoso.example> "Ada" of ada: wiki-administrators',),
            ),
        ),
    ),
)
