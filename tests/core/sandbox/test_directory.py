"""The seeded directory: a believable company, the same for the same seed."""

import pytest
from contoso import ADA, colleague, company

from core.sandbox.directory import Directory, EventKind
from core.sandbox.groups import GroupKind
from core.sandbox.names import fold, name_pool
from core.sandbox.people import Person

SIZE = 2_000


@pytest.fixture(scope="module")
def seeded() -> Directory:
    return Directory.seeded(SIZE, seed=7)


@pytest.fixture(scope="module")
def people(seeded: Directory) -> list[Person]:
    return [seeded.person(one) for one in seeded.people]


def contents(directory: Directory) -> tuple[object, ...]:
    groups = [(directory.group(one), list(directory.members(one))) for one in directory.groups]
    return [directory.person(one) for one in directory.people], groups


def test_the_same_seed_gives_the_same_company(seeded: Directory) -> None:
    assert contents(Directory.seeded(SIZE, seed=7)) == contents(seeded)


def test_another_seed_gives_another_company(seeded: Directory) -> None:
    assert contents(Directory.seeded(SIZE, seed=8)) != contents(seeded)


@pytest.mark.parametrize("users", [0, 1, 2, 30])
def test_companies_of_any_size_can_be_made(users: int) -> None:
    assert len(Directory.seeded(users, seed=1).people) == users


def test_names_that_must_be_unique_are_unique_without_regard_to_case(people: list[Person]) -> None:
    assert len({person.user_principal_name.casefold() for person in people}) == SIZE
    assert len({person.mail_nickname.casefold() for person in people}) == SIZE
    assert len({person.employee_id for person in people}) == SIZE
    assert len({person.id for person in people}) == SIZE


def test_a_namesake_gets_a_number(people: list[Person]) -> None:
    assert len({person.display_name for person in people}) < SIZE
    assert any(person.user_principal_name.split("@")[0][-1].isdigit() for person in people)


def test_sign_in_names_hold_only_what_entra_allows(people: list[Person]) -> None:
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_'#@")
    assert all(set(person.user_principal_name) <= allowed for person in people)


def test_names_carry_what_breaks_provisioning_in_the_field(people: list[Person]) -> None:
    names = [person.display_name for person in people]
    assert any("'" in name for name in names)
    assert any("ł" in name for name in names)
    assert any("ü" in name for name in names)
    assert any("ı" in name for name in names)
    assert any("村" in name for name in names)
    assert any("'" in person.user_principal_name for person in people)
    assert any(person.user_principal_name != person.user_principal_name.lower() for person in people)
    assert any(person.mail is None for person in people)
    assert any(person.guest for person in people)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Łukasz", "Lukasz"),
        ("O'Néill", "O'Neill"),
        ("Weiß", "Weiss"),
        ("Jørgensen", "Jorgensen"),
        ("Þórður", "Thordur"),
        ("Yılmaz", "Yilmaz"),
        ("Le Roux", "LeRoux"),
        ("Anne-Kathrin", "Anne-Kathrin"),
    ],
)
def test_names_fold_to_ascii(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_names_in_other_scripts_come_with_latin_ones() -> None:
    assert all(name.latin.isascii() and not name.text.isascii() for name in name_pool("ja_JP").surnames)


def test_everyone_reports_up_to_one_person_and_no_manager_is_inactive(seeded: Directory) -> None:
    for person_id in seeded.people:
        above = [person_id]
        while (manager_id := seeded.person(above[-1]).manager_id) is not None:
            assert seeded.person(manager_id).in_service
            assert manager_id not in above
            above.append(manager_id)
        assert above[-1] == next(iter(seeded.people))


def test_a_small_share_may_not_sign_in(people: list[Person]) -> None:
    inactive = sum(not person.in_service for person in people)
    assert SIZE * 0.02 < inactive < SIZE * 0.08


def test_one_group_is_large_and_most_are_small(seeded: Directory) -> None:
    sizes = {one: len(seeded.members(one)) for one in seeded.groups}
    small = [one for one, size in sizes.items() if size <= 60]
    assert max(sizes.values()) == SIZE
    assert len(small) > len(sizes) * 0.8
    assert {seeded.group(one).kind for one in seeded.groups} == set(GroupKind)


def test_group_names_are_unique_and_awkward(seeded: Directory) -> None:
    names = [seeded.group(one).display_name for one in seeded.groups]
    assert len(set(names)) == len(names)
    assert {"All Staff", "Confluence Users", "R&D", "C++ Guild", "Women's Network", "Site Zürich"} <= set(names)


def test_changes_name_the_object_that_changed() -> None:
    directory = company(ADA, colleague("Grace"), Crew=["entra-grace"])
    joined = directory.join("entra-Crew", ADA.id)
    assert (joined.kind, joined.person_id, joined.group_id) == (EventKind.JOINED, ADA.id, "entra-Crew")
    moved = directory.move(ADA.id, "Finance", "Controller")
    assert (moved.kind, moved.person_id, moved.group_id) == (EventKind.MOVED, ADA.id, None)
    renamed = directory.rename_group("entra-Crew", "Team")
    assert (renamed.kind, renamed.person_id, renamed.group_id) == (EventKind.GROUP_RENAMED, None, "entra-Crew")


def test_disabling_and_the_recycle_bin_keep_memberships_and_deleting_for_good_ends_them() -> None:
    directory = company(ADA, colleague("Grace", manager_id=ADA.id), Crew=[ADA.id])
    directory.disable(ADA.id)
    directory.soft_delete(ADA.id)
    assert list(directory.members("entra-Crew")) == [ADA.id]
    assert not directory.person(ADA.id).in_service
    directory.hard_delete(ADA.id)
    assert list(directory.members("entra-Crew")) == []
    assert directory.person("entra-grace").manager_id is None
    assert ADA.id not in directory.people
    assert [person.id for person in directory.former] == [ADA.id]


def test_a_restored_person_may_sign_in() -> None:
    directory = company(ADA)
    directory.disable(ADA.id)
    directory.soft_delete(ADA.id)
    directory.restore(ADA.id)
    assert directory.person(ADA.id).in_service


def test_a_deleted_group_takes_its_memberships_along() -> None:
    directory = company(ADA, Crew=[ADA.id])
    directory.delete_group("entra-Crew")
    assert list(directory.groups_of(ADA.id)) == []
    with pytest.raises(KeyError):
        directory.members("entra-Crew")
