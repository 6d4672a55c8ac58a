"""A. Finding the right object: C01 to C06."""

from tests.core.apply.answered.scene import Scene
from tests.core.apply.answered.story import Given, Story

BY_ID = '[target.users]\nmatching = ["id"]'
BY_NAME = '[target.users]\nmatching = ["username"]'
BY_EMAIL = '[target.users]\nmatching = ["email"]'
BY_NUMBER = '[target.users]\nusername = { from = "enterprise.employeeNumber" }'


async def namesake(scene: Scene) -> None:
    scene.local("ada")
    scene.hire("ada")
    await scene.compare()


async def several(scene: Scene) -> None:
    for name in ("one", "two"):
        scene.local(name, email="ada@contoso.example")
    scene.hire("ada")
    await scene.compare()


async def shared(scene: Scene) -> None:
    scene.local("boss", email="same@contoso.example")
    for name in ("ada", "ben"):
        scene.hire(name, email="same@contoso.example")
    await scene.compare()


async def alike(scene: Scene) -> None:
    scene.local("lovelace", display_name="ADA")
    scene.hire("ada")
    await scene.compare()


async def alike_twice(scene: Scene) -> None:
    scene.local("countess", email="ada@contoso.example")
    await alike(scene)


async def nameless(scene: Scene) -> None:
    scene.hire("ada")
    await scene.compare()


async def vanished(scene: Scene) -> None:
    scene.local("other")
    scene.hire("ada")
    await scene.compare()
    for ident, account in list(scene.instant.accounts.items()):
        if account.name == "ada":
            del scene.instant.accounts[ident]
    await scene.compare()


async def replaced(scene: Scene) -> None:
    await vanished(scene)
    scene.local("ada", id="a-again")
    await scene.compare()


STORIES = (
    Story(
        "C01",
        "an account of the name, no rule links by it",
        "An account 'ada' is there already",
        namesake,
        (
            Given("L", gone=('ada <ada@local.example> "Ada"',), come=('ada <ada@contoso.example> "Ada" of ada',)),
            Given(
                "N",
                "ada2",
                come=('ada2 <ada@contoso.example> "Ada" of ada',),
                left=('ada2 (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
        BY_ID,
    ),
    Story(
        "C02",
        "several accounts with the address",
        "2 accounts match Ada",
        several,
        (
            Given(
                "L", "two", gone=('two <ada@contoso.example> "Two"',), come=('two <ada@contoso.example> "Ada" of ada',)
            ),
            Given(
                "N",
                "ada",
                come=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("E", BY_NAME, leads_to=("C04",)),
        ),
        BY_EMAIL,
    ),
    Story(
        "C03",
        "two users with the address of one account",
        "2 users match account 'boss'",
        shared,
        (
            Given(
                "L",
                gone=('boss <same@contoso.example> "Boss"',),
                come=('ben <same@contoso.example> "Ben" of ben', 'boss <same@contoso.example> "Ada" of ada'),
                left=('ben (inactive) <same@contoso.example> "Ben" of ben',),
            ),
            Given("E", BY_NAME, leads_to=("C04", "C04")),
            Given(
                "X", gone=('boss <same@contoso.example> "Boss"',), come=('boss <same@contoso.example> "Ben" of ben',)
            ),
        ),
        BY_EMAIL,
        about="ada",
    ),
    Story(
        "C04",
        "the same display name",
        "Ada may have an account: 'lovelace'",
        alike,
        (
            Given(
                "L",
                gone=('lovelace <lovelace@local.example> "ADA"',),
                come=('lovelace <ada@contoso.example> "Ada" of ada',),
            ),
            Given(
                "N",
                come=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
    ),
    Story(
        "C04",
        "two that are alike",
        "Ada may have an account: 'countess'",
        alike_twice,
        (
            Given(
                "L",
                "lovelace",
                gone=('lovelace <lovelace@local.example> "ADA"',),
                come=('lovelace <ada@contoso.example> "Ada" of ada',),
            ),
            Given(
                "N",
                come=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
    ),
    Story(
        "C05",
        "the attribute is missing",
        "No account name for Ada",
        nameless,
        (
            Given(
                "N",
                "ada.king",
                come=('ada.king <ada@contoso.example> "Ada" of ada',),
                left=('ada.king (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given(
                "E",
                "",
                come=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
        BY_NUMBER,
    ),
    Story(
        "C06",
        "the linked account is gone",
        "Account 'ada' of Ada is gone",
        vanished,
        (
            Given(
                "N",
                come=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given(
                "L",
                "other",
                settles=False,
                gone=('other <other@local.example> "Other"',),
                come=('other <ada@contoso.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
    ),
    Story(
        "C06",
        "another one has its name now",
        "Account 'ada' of Ada is gone",
        replaced,
        (
            Given(
                "L", "ada", gone=('ada <ada@local.example> "Ada"',), come=('ada <ada@contoso.example> "Ada" of ada',)
            ),
            Given("X"),
        ),
    ),
)
