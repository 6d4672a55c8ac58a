"""D. Life cycle: C30 to C37; E. Time and machines: C41 and C45."""

from dataclasses import replace

from core.planning.late_conflicts import AFTER
from core.planning.values import Lead
from core.targets.protocol import NoSeats, Refused
from tests.core.apply.answered.scene import Scene
from tests.core.apply.answered.story import Given, Story


async def leading(scene: Scene) -> None:
    ada = scene.hire("ada")
    scene.hire("ben")
    await scene.compare()
    scene.instant.leads = {"project:ABC": Lead("project", "ABC", "ABC", "Alphabet", "ada")}
    scene.company.dismiss(ada)
    await scene.push()


async def no_seats(scene: Scene) -> None:
    scene.hire("ada")
    scene.refuse(ada=NoSeats("The licence is full."))
    await scene.push()


async def refused(scene: Scene) -> None:
    scene.hire("ada")
    scene.refuse(ada=Refused("no such luck"))
    for _ in range(AFTER):
        await scene.push()


async def flapping(scene: Scene) -> None:
    scene.form("Crew", scene.hire("ada"))
    for _ in range(4):
        await scene.compare()
        (account,) = scene.instant.accounts.values()
        scene.instant.accounts[account.id] = replace(account, groups=frozenset())
    await scene.compare()


def in_ldap(**more: object) -> dict[str, object]:
    return {"directory": "LDAP", "email": "ada@contoso.example", **more}


async def hiding(scene: Scene) -> None:
    scene.local("ada", **in_ldap(hides=("Internal",)))
    scene.hire("ada")
    await scene.compare()


async def hidden(scene: Scene) -> None:
    scene.hire("ada")
    await scene.compare()
    scene.instant.accounts = {}
    await hiding_again(scene)


async def hiding_again(scene: Scene) -> None:
    scene.local("ada", id="a-ldap", **in_ldap(hides=("Internal",)))
    await scene.compare()


async def read_only(scene: Scene) -> None:
    scene.local("ada", **in_ldap(read_only=True, display_name="A. King"))
    scene.form("Crew", scene.hire("ada"))
    await scene.compare()


async def elsewhere(scene: Scene) -> None:
    scene.local("ada", **in_ldap())
    scene.hire("ada")
    await scene.compare()


async def became_read_only(scene: Scene) -> None:
    ada = scene.hire("ada")
    await scene.compare()
    scene.instant.accounts = {
        ident: replace(account, directory="LDAP", read_only=True) for ident, account in scene.instant.accounts.items()
    }
    scene.company.change(ada, displayName="Ada King")
    await scene.compare()


def put_right(scene: Scene) -> None:
    scene.refuse()


STORIES = (
    Story(
        "C30",
        "a leaver leads a project",
        "Nobody takes over what 'ada' leads",
        leading,
        (
            Given(
                "T",
                "ben",
                gone=('ada <ada@contoso.example> "Ada" of ada', "project Alphabet of ada"),
                come=('ada (inactive) <ada@contoso.example> "Ada" of ada', "project Alphabet of ben"),
            ),
            Given(
                "E",
                '[target.users]\ndefault_project_lead = "ben"',
                gone=('ada <ada@contoso.example> "Ada" of ada', "project Alphabet of ada"),
                come=('ada (inactive) <ada@contoso.example> "Ada" of ada', "project Alphabet of ben"),
            ),
        ),
        product="jira",
    ),
    Story(
        "C36",
        "seats are used up",
        "wiki has no free seat: 1 account waits",
        no_seats,
        (
            Given(
                "R",
                first=put_right,
                come=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
        ),
    ),
    Story(
        "C37",
        "an account that hides another",
        "'ada' is in several directories",
        hiding,
        (
            Given("L", gone=('ada <ada@contoso.example> "Ada"',), come=('ada <ada@contoso.example> "Ada" of ada',)),
            Given(
                "N",
                "ada2",
                come=('ada2 <ada@contoso.example> "Ada" of ada',),
                left=('ada2 (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
        product="jira",
    ),
    Story(
        "C37",
        "the linked account is hidden",
        "Account 'ada' of Ada is hidden",
        hidden,
        (
            Given("L", gone=('ada <ada@contoso.example> "Ada"',), come=('ada <ada@contoso.example> "Ada" of ada',)),
            Given("X"),
        ),
        product="jira",
    ),
    Story(
        "C37",
        "a read-only directory",
        "'ada' is in a read-only directory",
        read_only,
        (
            Given(
                "K",
                gone=('ada <ada@contoso.example> "A. King"',),
                come=('ada <ada@contoso.example> "A. King" of ada: crew',),
            ),
            Given(
                "N",
                "ada2",
                come=('ada2 <ada@contoso.example> "Ada" of ada: crew',),
                left=('ada2 (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
        product="bitbucket",
    ),
    Story(
        "C37",
        "another directory than configured",
        "'ada' is in another directory",
        elsewhere,
        (
            Given("L", gone=('ada <ada@contoso.example> "Ada"',), come=('ada <ada@contoso.example> "Ada" of ada',)),
            Given(
                "N",
                "ada2",
                come=('ada2 <ada@contoso.example> "Ada" of ada',),
                left=('ada2 (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
        'directory = "Internal"',
        "bitbucket",
    ),
    Story(
        "C37",
        "linked, and read-only by now",
        "'ada' can be changed in its directory only",
        became_read_only,
        (Given("K"), Given("X")),
        product="bitbucket",
    ),
    Story(
        "C41",
        "another tool takes it back",
        "Somebody else takes back what is done to 'ada'",
        flapping,
        (
            Given("K", "30d"),
            Given("X"),
            Given(
                "R",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: crew',),
            ),
        ),
    ),
    Story(
        "C45",
        "refused again and again",
        "What is due for ada failed 3 times",
        refused,
        (
            Given(
                "R",
                first=put_right,
                come=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
    ),
)
