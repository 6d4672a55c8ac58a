"""The walk over the steps of a health check, and how what does not work is put."""

from collections.abc import Sequence

from core.targets.examining import Step, capability, examine
from core.targets.protocol import Finding, Unavailable


async def well(parts: list[str]) -> Sequence[Finding]:
    parts.append("well")
    return (Finding("well", True, "It works."),)


async def failing(parts: list[str]) -> Sequence[Finding]:
    raise Unavailable("It does not answer.")


async def test_a_step_that_fails_is_a_finding_with_a_remedy_and_the_next_one_follows() -> None:
    steps: Sequence[Step[list[str]]] = (("first", failing, False), ("second", well, True))
    broken, works = await examine(steps, looked := [])
    assert (broken.subject, broken.ok, broken.detail) == ("first", False, "It does not answer.")
    assert broken.remedy == "Look at the exchange in the log."
    assert (works.ok, looked) == (True, ["well"])


async def test_nothing_is_looked_at_after_a_failure_that_all_others_need() -> None:
    steps: Sequence[Step[list[str]]] = (("first", failing, True), ("second", well, False))
    findings = await examine(steps, looked := [])
    assert ([finding.subject for finding in findings], looked) == (["first"], [])


def test_the_first_sentence_of_a_reason_says_why_not_and_the_others_are_the_remedy() -> None:
    finding = capability("create groups", "It cannot. Upgrade it. Or do without.", "Jira")
    assert (finding.detail, finding.remedy) == ("It cannot.", "Upgrade it. Or do without.")


def test_a_reason_of_one_sentence_has_a_remedy_all_the_same() -> None:
    finding = capability("create groups", "It cannot.", "Jira")
    assert (finding.detail, finding.remedy) == ("It cannot.", "Correct it in Jira or in the target.")
