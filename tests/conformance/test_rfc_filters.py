"""Reference C.5: the filter grammar and the forms beside it that IdPs send (RFC 7644 §3.4.2.2)."""

import httpx
import pytest
from protocol import ENTERPRISE, USER, assert_error, assert_list, create_group, create_user, found, patched, place_of


@pytest.fixture
async def people(scim: httpx.AsyncClient) -> httpx.AsyncClient:
    """Ada, who has everything, and Ben, who has little."""
    ada = await create_user(
        scim,
        "ada@example.com",
        externalId="E-1",
        displayName="Ada King",
        active=True,
        title="Countess",
        name={"givenName": "Ada", "familyName": "King"},
        emails=[
            {"type": "work", "value": "ada@example.com", "primary": True},
            {"type": "home", "value": "ada@home.example"},
        ],
        roles=[{"value": "admin", "display": "Administrator", "primary": True}],
        **{ENTERPRISE: {"department": "R&D", "employeeNumber": "07"}},
    )
    ben = await create_user(
        scim, "ben@example.com", active=False, emails=[{"type": "home", "value": "ben@example.com"}]
    )
    await patched(scim, place_of(ben), {"op": "add", "path": f"{ENTERPRISE}:manager", "value": {"value": ada["id"]}})
    await create_group(scim, "Readers", ada)
    return scim


ADA, BEN = "ada@example.com", "ben@example.com"
BOTH = [ADA, BEN]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('userName eq "ada@example.com"', [ADA]),
        ('userName ne "ada@example.com"', [BEN]),
        ('userName co "example"', BOTH),
        ('userName sw "ad"', [ADA]),
        ('userName ew ".com"', BOTH),
        ('userName gt "b"', [BEN]),
        ('userName lt "b"', [ADA]),
        ('userName ge "ben@example.com"', [BEN]),
        ('userName le "ada@example.com"', [ADA]),
        ("title pr", [ADA]),
        ("active eq true", [ADA]),
        ("active eq false", [BEN]),
        ("title eq null", [BEN]),
        ('name.familyName eq "King"', [ADA]),
        (f'{USER}:name.familyName eq "King"', [ADA]),
        (f'{ENTERPRISE}:department eq "R&D"', [ADA]),
        ('emails[type eq "work" and value ew "example.com"]', [ADA]),
        ('emails[not (type eq "work")]', BOTH),
        ('meta.resourceType eq "User"', BOTH),
        ('not (title pr)', [BEN]),
        ('userName eq "ada@example.com" or userName eq "ben@example.com"', BOTH),
        ('userName eq "ada@example.com" and active eq false', []),
    ],
)  # fmt: skip
async def test_35_every_form_of_the_grammar_is_understood(people: httpx.AsyncClient, text: str, who: list[str]) -> None:
    assert await found(people, text) == who


async def test_35_a_reference_is_compared_by_its_ref(people: httpx.AsyncClient) -> None:
    group = assert_list(await people.get("/Groups"))["Resources"][0]
    reference = group["members"][0]["$ref"]
    assert reference.endswith(f"/Users/{group['members'][0]['value']}")
    assert await found(people, f'members.$ref eq "{reference}"', "/Groups") == ["Readers"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('title pr and active eq true or userName sw "b"', BOTH),
        ('title pr and (active eq false or userName sw "b")', []),
        ('not (title pr) and userName sw "a"', []),
        ('not (title pr and userName sw "x")', BOTH),
        ('userName sw "b" or title pr and active eq false', [BEN]),
    ],
)
async def test_36_grouping_binds_before_not_before_and_before_or(
    people: httpx.AsyncClient, text: str, who: list[str]
) -> None:
    assert await found(people, text) == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('emails.value eq "ada@home.example"', [ADA]),
        ('emails eq "ada@home.example"', [ADA]),
        ('emails co "example.com"', BOTH),
        ('emails.type eq "home"', BOTH),
        ('emails[type eq "work"]', [ADA]),
        ('emails[type eq "home" and value eq "ada@example.com"]', []),
    ],
)
async def test_37_any_value_of_several_matches_and_a_bare_one_is_its_value(
    people: httpx.AsyncClient, text: str, who: list[str]
) -> None:
    """Ping and Entra compare the attribute itself."""
    assert await found(people, text) == who


async def test_37_members_and_the_manager_are_compared_by_their_ids(people: httpx.AsyncClient) -> None:
    """Entra checks references so before it writes them."""
    ada = assert_list(await people.get("/Users", params={"filter": "title pr"}))["Resources"][0]["id"]
    ben = assert_list(await people.get("/Users", params={"filter": "active eq false"}))["Resources"][0]["id"]
    for text in (f'members eq "{ada}"', f'members.value eq "{ada}"', f'members[value eq "{ada}"]'):
        assert await found(people, text, "/Groups") == ["Readers"]
    assert await found(people, f'members eq "{ben}"', "/Groups") == []
    for text in (f'manager eq "{ada}"', f'{ENTERPRISE}:manager.value eq "{ada}"', f'{ENTERPRISE}:manager eq "{ada}"'):
        assert await found(people, text) == [BEN]
    assert await found(people, f'id eq "{ben}" and manager eq "{ada}"') == [BEN]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('emails[type eq "work"].value eq "ada@example.com"', [ADA]),
        ('emails[type eq "work"].value eq "ada@home.example"', []),
        ('emails[type eq "work"].value eq "ada@example.com" and active eq true', [ADA]),
        ('emails[type eq "home"].value sw "b" or title pr', BOTH),
    ],
)
async def test_38_a_value_path_with_a_sub_attribute_is_understood(
    people: httpx.AsyncClient, text: str, who: list[str]
) -> None:
    """Beside the grammar; Entra matches by mail address so."""
    assert await found(people, text) == who


@pytest.mark.parametrize(
    "text",
    ["active gt true", "active ge false", "active co true", "userName xx 1", "userName", "userName eq", "(userName pr",
     "userName pr)", "eq eq eq", "and", "userName pr and", "not userName pr", 'nothing.such eq "x"',
     "emails[", "emails[type eq]", 'userName eq "x', "userName eq x y", ""],
)  # fmt: skip
async def test_39_a_filter_that_cannot_be_is_400_and_never_everybody(people: httpx.AsyncClient, text: str) -> None:
    assert_error(await people.get("/Users", params={"filter": text}), 400, "invalidFilter")
    assert_error(await people.post("/Users/.search", json={"filter": text}), 400, "invalidFilter")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('title ne "Countess"', [BEN]),
        ('not (title eq "Countess")', [BEN]),
        ('title ne "x"', BOTH),
        ('not (title pr)', [BEN]),
        ("title ne null", [ADA]),
        (f'{ENTERPRISE}:department ne "R&D"', [BEN]),
    ],
)  # fmt: skip
async def test_40_an_absent_attribute_differs_from_every_value(
    people: httpx.AsyncClient, text: str, who: list[str]
) -> None:
    """The RFC leaves it open. Who has no title is no Countess: `ne` and `not (… eq …)` say the same about it."""
    assert await found(people, text) == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('userName eq "ADA@EXAMPLE.COM"', [ADA]),
        ('displayName sw "ADA"', [ADA]),
        ('emails.value eq "ADA@Home.Example"', [ADA]),
        ('externalId eq "E-1"', [ADA]),
        ('externalId eq "e-1"', []),
        ('meta.resourceType eq "user"', []),
    ],
)
async def test_41_case_counts_only_where_the_attribute_is_case_exact(
    people: httpx.AsyncClient, text: str, who: list[str]
) -> None:
    assert await found(people, text) == who


async def test_42_an_emptied_attribute_is_not_present(scim: httpx.AsyncClient) -> None:
    await create_user(scim, "a", displayName=None, emails=[], name={})
    for text in ("displayName pr", "emails pr", "name pr", f"{ENTERPRISE}:department pr", "groups pr"):
        assert await found(scim, text) == []


@pytest.mark.parametrize("value", ['"True"', '"true"', '"TRUE"', "true"])
async def test_43_a_boolean_is_compared_with_its_text_too(people: httpx.AsyncClient, value: str) -> None:
    """Entra sends roles[primary eq "True"]."""
    assert await found(people, f'roles[primary eq {value}].value eq "admin"') == [ADA]
    assert await found(people, f"emails[primary eq {value}]") == [ADA]
    assert await found(people, f"active eq {value}") == [ADA]


async def test_44_a_filter_of_too_many_conditions_is_refused_by_name(scim: httpx.AsyncClient) -> None:
    await create_user(scim, "u1")
    fits = " or ".join(f'userName eq "u{number}"' for number in range(20))
    assert await found(scim, fits) == ["u1"]
    for text in (
        " or ".join(f'userName eq "u{number}"' for number in range(60)),
        " and ".join(f'emails[type eq "t{number}"]' for number in range(60)),
    ):
        assert_error(await scim.get("/Users", params={"filter": text}), 400, "invalidFilter", "50")
        assert_error(await scim.post("/.search", json={"filter": text}), 400, "invalidFilter", "50")


@pytest.mark.parametrize("depth", [60, 500, 3000])
async def test_44_a_filter_that_nests_too_deep_is_refused(scim: httpx.AsyncClient, depth: int) -> None:
    for text in ("(" * depth + "userName pr" + ")" * depth, "not (" * depth + "userName pr" + ")" * depth):
        assert_error(await scim.get("/Users", params={"filter": text}), 400, "invalidFilter")


async def test_44_a_filter_that_is_too_long_is_refused(scim: httpx.AsyncClient) -> None:
    answer = await scim.get("/Users", params={"filter": f'userName eq "{"x" * 9000}"'})
    assert_error(answer, 400, "invalidFilter", "8192")


async def test_44_escapes_in_texts_are_those_of_json(scim: httpx.AsyncClient) -> None:
    await create_user(scim, 'a"b\\c', displayName="ü/\t")
    assert await found(scim, r'userName eq "a\"b\\c"') == ['a"b\\c']
    assert await found(scim, r'displayName eq "\u00fc\/\t"') == ['a"b\\c']


async def test_45_the_space_before_a_text_may_be_missing(people: httpx.AsyncClient) -> None:
    """As in the RFC's own example in §3.5.2.2."""
    assert await found(people, 'userName eq"ada@example.com"') == [ADA]
    assert await found(people, 'emails[type eq"work"]') == [ADA]


async def test_46_a_reader_asks_for_what_changed_within_a_time(people: httpx.AsyncClient) -> None:
    """As Entra does where it reads users from a SCIM server."""
    since, until = "2001-01-01T00:00:00Z", "2101-01-01T00:00:00Z"
    text = f'active eq true and (meta.lastModified ge "{since}" and meta.lastModified le "{until}")'
    assert await found(people, text, count=100, startIndex=0) == [ADA]
    assert await found(people, text.replace("2001", "2100"), count=100, startIndex=0) == []
