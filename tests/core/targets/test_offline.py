"""What previews and explanations take each kind of target to be able to do."""

from core.targets.offline import at_best
from core.targets.registry import KINDS


def test_every_kind_of_target_is_known() -> None:
    assert {kind for kind in KINDS if at_best(kind).names.group_name_max == 255} == set(KINDS)


def test_what_atlassian_cloud_keeps_and_takes_only_once_is_known_without_asking_it() -> None:
    names = at_best("cloud").names
    assert names.email_unique
    assert "site-admins" in names.kept_groups
