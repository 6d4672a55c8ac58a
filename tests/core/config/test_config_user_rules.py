"""`[target.users]` becomes the rules that the planner reads: a test for every setting, named after it."""

from dataclasses import replace

import pytest

from core.planning.rules import AttributeCheck, LeadRule, TargetRules, UserRules, UserScope, ValueRule

from .conftest import PROVIDER, TARGET, Load, OnlyProblem, Problems, Rules

DEFAULT = UserRules()


@pytest.mark.parametrize("key", ["create", "update", "rename", "reactivate"])
def test_create_update_rename_reactivate(rules: Rules, key: str) -> None:
    assert rules(f"users.{key} = false").users == replace(DEFAULT, **{key: False})  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["deactivate", "delete", "keep"])
def test_when_inactive(rules: Rules, written: str) -> None:
    assert rules(f'users.when_inactive = "{written}"').users == UserRules(when_inactive=written)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["keep", "inactive"])
def test_when_out_of_scope(rules: Rules, written: str) -> None:
    read = rules(f'users.when_out_of_scope = "{written}"').users
    assert read == UserRules(when_out_of_scope=written)  # type: ignore[arg-type]


@pytest.mark.parametrize(("written", "seconds"), [("7d", 7 * 86400), ("12h", 43200), ("90s", 90), ("0d", 0)])
def test_grace(rules: Rules, written: str, seconds: int) -> None:
    assert rules(f'users.grace = "{written}"').users == UserRules(grace=seconds)


@pytest.mark.parametrize("written", ['"7"', '"-7d"', '"never"', "7"])
def test_another_grace_is_refused(only_problem: OnlyProblem, written: str) -> None:
    assert only_problem(f"{PROVIDER}{TARGET}users.grace = {written}").key == "target.users.grace"


@pytest.mark.parametrize("written", [1, 100])
def test_missed_reads(rules: Rules, written: int) -> None:
    assert rules(f"users.missed_reads = {written}").users == UserRules(missed_reads=written)


def test_missed_reads_is_at_least_one(only_problem: OnlyProblem) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}users.missed_reads = 0")
    assert (problem.key, problem.remedy) == ("target.users.missed_reads", "Write a whole number from 1 to 100")


@pytest.mark.parametrize("written", [("email",), ("username", "id"), ("id", "username", "email"), ()])
def test_matching(rules: Rules, written: tuple[str, ...]) -> None:
    assert rules(f"users.matching = {list(written)}").users.matching == written


def test_whether_a_new_account_is_asked_for_beside_one_that_looks_alike(rules: Rules) -> None:
    assert (rules("").users.alike, rules('users.alike = "ignore"').users.alike) == ("ask", "ignore")


@pytest.mark.parametrize(
    ("written", "message", "remedy"),
    [
        ('"name"', "'name' is not accepted", 'Accepted: "id", "username", "email"'),
        ('"id"', "'id' is given twice", "Keep the first"),
        ("1", "this is a whole number, not a text", 'Write a list of texts, like ["one", "two"]'),
    ],
)
def test_matching_with_another_word_or_one_twice_is_refused(
    only_problem: OnlyProblem, written: str, message: str, remedy: str
) -> None:
    problem = only_problem(f'{PROVIDER}{TARGET}users.matching = [\n"id",\n{written},\n]')
    assert (problem.line, problem.key) == (12, "target.users.matching")
    assert (problem.message, problem.remedy) == (message, remedy)


def test_username_email_display_name(rules: Rules) -> None:
    users = rules(
        r"""
        [target.users]
        username = { from = "emails.work", match = '^(.+)@.*$', replace = "$1" }
        email = { from = "userName", no_match = "ignore" }
        display_name.from = "name.formatted"
        """
    ).users
    assert users == UserRules(
        username=ValueRule("emails.work", r"^(.+)@.*$", "$1", "lower"),
        email=ValueRule("userName", no_match="ignore"),
        display_name=ValueRule("name.formatted"),
    )


def test_attributes(rules: Rules) -> None:
    users = rules(
        """
        [target.users.attributes]
        first_name = { from = "name.givenName" }
        department.from = "enterprise.department"
        department.no_match = "clear"
        [target.users.attributes.address2]
        from = "addresses.work"
        case = "upper"
        """
    ).users
    assert users.attributes == {
        "first_name": ValueRule("name.givenName"),
        "department": ValueRule("enterprise.department", no_match="clear"),
        "address2": ValueRule("addresses.work", case="upper"),
    }


def test_attributes_are_values_like_all_rules(rules: Rules) -> None:
    text = "users.attributes.title.from = 'title'"
    assert len({rules(text), rules(text)}) == 1
    with pytest.raises(TypeError):
        rules(text).users.attributes["title"] = ValueRule("x")  # type: ignore[index]


@pytest.mark.parametrize("name", ["firstName", "first-name", "_first", "first__name", "1st", "'first name'", "'é'"])
def test_the_name_of_an_attribute_is_lower_snake_case(only_problem: OnlyProblem, name: str) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}users.attributes.{name} = {{ from = 'title', x = 1 }}")
    assert problem.line == 10
    assert problem.key.startswith("target.users.attributes.")
    assert "first_name" in problem.remedy


@pytest.mark.parametrize(
    ("written", "key", "remedy"),
    [
        ("title = {}", "title.from", "Add from = …. Write a text in double quotes"),
        ("title = 'title'", "title", "Write it as a table: [target.users.attributes.title]"),
        ("title = { from = 'Title' }", "title.from", 'Did you mean "title"?'),
        ("title = { from = 'title', fron = 'x' }", "title.fron", "Did you mean 'from'?"),
        (
            "title = { from = 'title', match = '(' }",
            "title.match",
            "Use the syntax of RE2: no look-around, no back-references",
        ),
    ],
)
def test_an_attribute_names_what_it_is_made_from(
    only_problem: OnlyProblem, written: str, key: str, remedy: str
) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}[target.users.attributes]\n{written}")
    assert (problem.line, problem.key, problem.remedy) == (11, f"target.users.attributes.{key}", remedy)


def test_scope_where_groups_exclude_groups(rules: Rules) -> None:
    users = rules(
        """
        [target.users.scope]
        where = [
          { attribute = "userType", not_match = "^Guest$" },
          { attribute = "emails.work", match = "@example[.]com$" },
        ]
        groups = ["Engineering", "App *"]
        exclude_groups = ["Contractors"]
        """
    ).users
    assert users == UserRules(
        scope=UserScope(
            where=(
                AttributeCheck("userType", not_match="^Guest$"),
                AttributeCheck("emails.work", match="@example[.]com$"),
            ),
            groups=("Engineering", "App *"),
            exclude_groups=("Contractors",),
        )
    )


def test_scope_where_may_stand_under_headers_of_its_own(rules: Rules) -> None:
    scope = rules("[[target.users.scope.where]]\nattribute = 'title'\nmatch = 'x'").users.scope
    assert scope == UserScope(where=(AttributeCheck("title", match="x"),))


@pytest.mark.parametrize(
    ("written", "key", "message"),
    [
        ("{ match = 'x' }", "attribute", "this key is missing"),
        ("{ attribute = 'title' }", "match", "this key is missing"),
        ("{ attribute = 'title', match = 'x', not_match = 'y' }", "not_match", "match is given too"),
        ("{ attribute = 'usertype', match = 'x' }", "attribute", "there is no attribute 'usertype'"),
        ("{ attribute = 'title', match = '(' }", "match", "pattern '(', character 2: missing )"),
        ("{ attribute = 'title', not_match = '(?=x)' }", "not_match", "pattern '(?=x)', character 1"),
        ("{ attribute = 'title', match = '' }", "match", "this is empty"),
        ("{ attribute = 'title', match = 'x', case = 'lower' }", "case", "unknown key"),
    ],
)
def test_a_check_of_the_scope_has_an_attribute_and_one_pattern(
    only_problem: OnlyProblem, written: str, key: str, message: str
) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}users.scope.where = [\n{written}\n]")
    assert (problem.line, problem.key) == (11, f"target.users.scope.where.{key}")
    assert problem.message.startswith(message)
    assert problem.remedy


def test_protect(rules: Rules) -> None:
    assert rules('users.protect = ["admin", "svc-*"]').users == UserRules(protect=("admin", "svc-*"))


@pytest.mark.parametrize("key", ["default_project_lead", "default_component_lead"])
def test_default_project_lead_default_component_lead(rules: Rules, key: str) -> None:
    assert rules(f'users.{key} = "office"').users == replace(DEFAULT, **{key: "office"})  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["default_project_lead", "default_component_lead"])
def test_a_default_lead_is_an_account_and_nothing_else(only_problem: OnlyProblem, key: str) -> None:
    problem = only_problem(f'{PROVIDER}{TARGET}users.{key} = "user:office"')
    assert (problem.key, problem.remedy) == (f"target.users.{key}", "Write 'office', without user:")


def test_lead_to_projects_components(rules: Rules) -> None:
    users = rules(
        """
        [[target.users.lead]]
        to = ["manager", "user:anna", "role:Project Administrators"]
        projects = ["OPS", "INFRA*"]
        [[target.users.lead]]
        to = ["project-lead"]
        components = ["*"]
        [[target.users.lead]]
        to = "user:bert"
        """
    ).users
    assert users.leads == (
        LeadRule(("manager", "user:anna", "role:Project Administrators"), projects=("OPS", "INFRA*")),
        LeadRule(("project-lead",), components=("*",)),
        LeadRule(("user:bert",)),
    )


@pytest.mark.parametrize("to", ["anna", "user:", "user: anna", "role:", "Manager", "lead", "group:x", ":anna"])
def test_lead_to_names_somebody_who_could_take_over(only_problem: OnlyProblem, to: str) -> None:
    problem = only_problem(f'{PROVIDER}{TARGET}[[target.users.lead]]\nto = ["manager",\n"{to}"]')
    assert (problem.line, problem.key) == (12, "target.users.lead.to")
    assert problem.remedy == 'Accepted: "user:NAME", "manager", "role:NAME", and for components "project-lead"'


def test_lead_to_project_lead_is_for_components_only(only_problem: OnlyProblem) -> None:
    problem = only_problem(f'{PROVIDER}{TARGET}[[target.users.lead]]\nto = ["project-lead"]')
    assert (problem.line, problem.key) == (11, "target.users.lead.to")
    assert problem.message == '"project-lead" can take over components only'
    assert 'components = ["*"]' in problem.remedy


@pytest.mark.parametrize(
    ("written", "key", "message", "remedy"),
    [
        ("projects = ['OPS']", "to", "this key is missing", 'Add to = ["…"]'),
        ("to = []", "to", "this list is empty", "Name at least one"),
        ("to = 'manager'\nprojects = []", "projects", "this list is empty", "Name at least one"),
        ("to = 'manager'\ncomponents = []", "components", "this list is empty", "Name at least one"),
        ("to = 5", "to", "this is a whole number", 'Write a list of texts, like ["one", "two"]'),
        ("to = ''", "to", "this is empty", "Write a text in double quotes"),
        ("to = 'manager'\nproject = ['OPS']", "project", "unknown key", "Did you mean 'projects'?"),
    ],
)
def test_a_lead_rule_says_who_takes_over(
    only_problem: OnlyProblem, written: str, key: str, message: str, remedy: str
) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}[[target.users.lead]]\n{written}")
    assert (problem.key, problem.message, problem.remedy) == (f"target.users.lead.{key}", message, remedy)


def test_one_lead_table_needs_two_brackets(only_problem: OnlyProblem) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}[target.users.lead]\nto = ['manager']")
    assert problem.remedy == "Write [[target.users.lead]], with two brackets on each side"


def test_all_that_is_wrong_with_the_rules_is_told_at_once(problems: Problems) -> None:
    keys = """
        [target.users]
        grace = "soon"
        matching = ["mail"]
        scope.where = [{ attribute = "title" }]
        [[target.users.lead]]
        to = ["anna"]
        """
    assert [(problem.line, problem.key) for problem in problems(PROVIDER + TARGET + keys)] == [
        (12, "target.users.grace"),
        (13, "target.users.matching"),
        (14, "target.users.scope.where.match"),
        (16, "target.users.lead.to"),
    ]


def test_empty_tables_keep_every_default(load: Load) -> None:
    tables = "[target.users.attributes]\n[target.users.scope]\n[target.users.username]\n"
    assert load(PROVIDER + TARGET + tables).targets[0].rules == TargetRules()
