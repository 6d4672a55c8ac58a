"""C. Groups: C21 to C29."""

from core.planning.values import Capabilities, TargetGroup
from tests.core.apply.answered.scene import Scene
from tests.core.apply.answered.story import Given, Story

MANUAL = '[target.groups]\nmode = "manual"\n[[target.groups.map]]\nidp = ["{}"]\ntarget = "{}"'
PREFIXED = '[target.groups.on_the_fly]\nmatch = "^(.+)$"\nreplace = "idp-$1"'
CITIES = '[target.groups.on_the_fly]\nmatch = "^[a-z]+-(.+)$"\nreplace = "$1"'
RENAMES = Capabilities(rename_group=None)


async def of_the_product(scene: Scene) -> None:
    scene.local_group("site-admins")
    scene.company.form("site-admins", [scene.hire("ada")])
    await scene.compare()


async def staff(scene: Scene) -> None:
    scene.company.form("Staff", [scene.hire("ada")])
    await scene.compare()


async def namesakes(scene: Scene) -> None:
    scene.company.form("Crew", [scene.hire("ada")])
    scene.company.form("crew ", [scene.hire("ben")])
    await scene.compare()


async def cities(scene: Scene) -> None:
    scene.company.form("paris-Crew", [scene.hire("ada")])
    scene.company.form("rome-Crew", [scene.hire("ben")])
    await scene.compare()


async def default_missing(scene: Scene) -> None:
    scene.hire("ada")
    await scene.compare()


async def source_gone(scene: Scene) -> None:
    scene.local_group("Local")
    staff = scene.company.form("Staff", [scene.hire("ada")])
    await scene.compare()
    scene.company.delete("Group", staff)
    await scene.compare()


async def renamed_to_taken(scene: Scene) -> None:
    crew = scene.company.form("Crew", [scene.hire("ada")])
    await scene.compare()
    scene.instant.groups["sales"] = TargetGroup("Sales", "sales")
    scene.company.rename_group(crew, "Sales")
    await scene.compare()


async def twin(scene: Scene) -> None:
    crew = scene.company.form("Crew", [scene.hire("ada")])
    await scene.compare()
    scene.company.rename_group(crew, "Sales")
    scene.company.form("Crew", [scene.hire("ben")])
    await scene.compare()


async def protected_account(scene: Scene) -> None:
    scene.hire("svc-backup")
    await scene.compare()


async def protected_group(scene: Scene) -> None:
    scene.local_group("wiki-administrators")
    scene.company.form("wiki-administrators", [scene.hire("ada")])
    await scene.compare()


STORIES = (
    Story("C21", "a group of the product", "'site-admins' is a group of the product itself", of_the_product, (
        Given("N", "our-admins"), Given("E", PREFIXED), Given("X")), product="cloud"),
    Story("C21", "the same in a rule", "'site-admins' is not a valid group name", staff, (
        Given("E", ""),), MANUAL.format("Staff", "site-admins"), "cloud"),
    Story("C22", "two IdP groups of one name", "2 IdP groups are named", namesakes, (
        Given("N", "Crew two"), Given("M"), Given("X"), Given("E", '[target.groups]\nmode = "off"'))),
    Story("C23", "a rule makes one name of two", "2 IdP groups become 'Crew'", cities, (
        Given("M"), Given("N", "Crew two"), Given("E", ""), Given("X")), CITIES),
    Story("C24", "a mapping names no group", "There is no group 'Local' at the target", staff, (
        Given("N"), Given("E", "")), MANUAL.format("Staff", "Local")),
    Story("C24", "a default group is not there", "There is no group 'Everybody' at the target", default_missing, (
        Given("N"), Given("E", "")), '[target.groups]\ndefault_for_all = ["Everybody"]'),
    Story("C25", "a mapping names no IdP group", "IdP groups of 'Local' are not there", source_gone, (
        Given("A"), Given("E", "")), MANUAL.format("Staff", "Local")),
    Story("C26", "renamed to a taken name", "'Crew' cannot be renamed to 'Sales'", renamed_to_taken, (
        Given("K"), Given("E", PREFIXED)), able=RENAMES),
    Story("C26", "a new group has the old name", "'Crew' belongs to another IdP group", twin, (
        Given("N", "Crew two"), Given("M"), Given("X"))),
    Story("C29", "a protected account", "Protected account 'svc-backup' would be created", protected_account, (
        Given("E", ""), Given("A")), '[target.users]\nprotect = ["svc-*"]'),
    Story("C29", "a protected group", "Protected group 'wiki-administrators' would change", protected_group, (
        Given("E", "[target.groups]\nprotect = []"), Given("A"))),
)
