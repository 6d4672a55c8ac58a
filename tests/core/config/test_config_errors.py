"""A wrong configuration is refused with file, line, key and remedy, all problems at once, however hostile it is."""

import os
from pathlib import Path

import pytest

from core.config import ConfigError, ConfigMissing, load_settings
from core.config.source import LARGEST_FILE

from .conftest import PROVIDER, TARGET, OnlyProblem, Problems


def test_a_problem_reads_as_file_line_key_message_and_remedy(only_problem: OnlyProblem, config_file: Path) -> None:
    problem = only_problem("\n[log]\nkeep_days = 0\n")
    assert (
        str(problem)
        == f"{config_file}:3: log.keep_days: this number is out of range. Write a whole number from 1 to 3650."
    )


def test_all_problems_of_a_file_are_reported_at_once_in_the_order_of_their_lines(problems: Problems) -> None:
    found = problems('[store]\nurl = 1\nulr = 2\n[listener]\nbind = ""\n[log]\nbodies = "some"\n[colour]\n')
    assert [(problem.line, problem.key) for problem in found] == [
        (2, "store.url"),
        (3, "store.ulr"),
        (5, "listener.bind"),
        (7, "log.bodies"),
        (8, "colour"),
    ]


def test_the_error_has_one_line_for_each_problem(config_file: Path) -> None:
    config_file.write_text("x = 1\ny = 2\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(config_file)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ("[log]\nkeep-days = 1", "log.keep-days", "keep_days"),
        ("[log]\nKEEP_DAYS = 1", "log.KEEP_DAYS", "keep_days"),
        (PROVIDER + "methd = 'scim'", "provider.methd", "method"),
        (PROVIDER + TARGET + "user_name = 'x'", "target.user_name", "username"),
        (PROVIDER + TARGET + "[target.user]", "target.user", "users"),
        (PROVIDER + TARGET + "users.username.mach = 'x'", "target.users.username.mach", "match"),
        (PROVIDER + TARGET + "groups.on_the_fly.includes = []", "target.groups.on_the_fly.includes", "include"),
        ("[[providers]]", "providers", "provider"),
    ],
)
def test_an_unknown_key_names_the_nearest_one(only_problem: OnlyProblem, text: str, key: str, meant: str) -> None:
    problem = only_problem(text)
    assert (problem.key, problem.message) == (key, "unknown key")
    assert problem.remedy == f"Did you mean '{meant}'?"
    assert str(problem).endswith("?")


def test_an_unknown_key_that_is_near_to_nothing_lists_what_there_is(only_problem: OnlyProblem) -> None:
    assert only_problem("[log]\nzzz = 1").remedy == "Known here: keep_days, keep_mib, bodies"


def test_the_line_is_that_of_the_key_in_its_own_table_of_several(only_problem: OnlyProblem) -> None:
    second = TARGET.replace('"wiki"', '"docs"') + "[target.users]\nusername = { from = 'userName', cas = 'lower' }\n"
    problem = only_problem(PROVIDER + TARGET + "[target.users]\ncreate = true\n" + second)
    assert (problem.line, problem.key) == (19, "target.users.username.cas")


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("log.keep_days = '3'", "this is a text", "Write a whole number from 1 to 3650, without quotes"),
        ("log.keep_days = true", "this is true or false", "Write a whole number from 1 to 3650, without quotes"),
        ("log.keep_days = 1.5", "this is a number", "Write a whole number from 1 to 3650, without quotes"),
        ("console.slow = 'yes'", "this is a text", "Write true or false, without quotes"),
        ("console.slow = 1", "this is a whole number", "Write true or false, without quotes"),
        ("console.theme = 5", "this is a whole number, not a text", "Write a text in double quotes"),
        ("console.theme = ''", "this is empty", "Write a text in double quotes"),
        ("console.theme = 2026-01-01", "this is a date, not a text", "Write a text in double quotes"),
        ("console.theme = '''\na\nb'''", "this holds control characters", "Write it in one line, without them"),
        ('console.theme = "\\u001b[31m"', "this holds control characters", "Write it in one line, without them"),
        ("log.bodies = 'all'", "'all' is not accepted", 'Accepted: "full", "redacted", "none"'),
        ("listener.allow = '10.0.0.0/8'", "this is a text", 'Write a list of texts, like ["one", "two"]'),
        (
            "listener.allow = [1]",
            "this is a whole number, not a text",
            'Write a list of texts, like ["one", "two"]',
        ),
        ("console.keymap.sync = ['s']", "this is a list, not a text", "Write a text in double quotes"),
    ],
)
def test_a_wrong_value_says_what_it_is_and_what_is_accepted(
    only_problem: OnlyProblem, text: str, message: str, remedy: str
) -> None:
    problem = only_problem(text)
    assert (problem.message, problem.remedy) == (message, remedy)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("[provider]\nname = 'x'", "Write [[provider]], with two brackets on each side"),
        ("provider = 'entra'", "Write each as a table: [[provider]]"),
        ("provider = ['entra']", "Write each as a table: [[provider]]"),
        ("target = [{}, 1]", "Write each as a table: [[target]]"),
        ("[[store]]\nurl = 'x'", "Write [store], once"),
        ("store = 'sqlite:///x.db'", "Write it as a table: [store]"),
        ("log = []", "Write it as a table: [log]"),
        (PROVIDER + TARGET + "[[target.users]]\ncreate = true", "Write [target.users], once"),
        (PROVIDER + TARGET + "users = true", "Write it as a table: [target.users]"),
        (PROVIDER + TARGET + "users.username = 'userName'", "Write it as a table: [target.users.username]"),
    ],
)
def test_wrong_nesting_says_which_brackets_to_write(only_problem: OnlyProblem, text: str, remedy: str) -> None:
    assert only_problem(text).remedy == remedy


def test_a_section_outside_its_table_is_unknown(only_problem: OnlyProblem) -> None:
    problem = only_problem(PROVIDER + TARGET + "[users]\ncreate = true")
    assert (problem.line, problem.key, problem.message) == (10, "users", "unknown key")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = = 2\n", 2, "column 5"),
        ("[log\nkeep_days = 1\n", 1, "column 5"),
        ("a = 'open\n", 1, "column 10"),
        ("a = 'open\nb = 1\n", 1, "column 10"),
        ('a = """open\nb = 1\n', 3, "column 1"),
        ("a = [\n1\nb = 1\n", 3, "column 1"),
        ("a = 1\nb", 2, "column 2"),
        ("a = True", 1, "column 5"),
        ("a = [\n1,\n", 3, "column 1"),
        ("a = 1\x00", 1, "column 6"),
    ],
)
def test_a_syntax_error_has_line_and_column(only_problem: OnlyProblem, text: str, line: int, column: str) -> None:
    problem = only_problem(text)
    assert problem.line == line
    assert problem.message.startswith("this is not TOML: ")
    assert problem.message.endswith(column)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[log]\nkeep_days = 1\nkeep_days = 2\n", 3),
        ("[log]\n\n[log]\n", 3),
        ("[log]\n[[log]]\n", 2),
        ("[target.users]\ncreate = true\n[[target]]\n", 3),
        ("a = { b = 1, b = 2 }\n", 1),
        ("a.b = 1\n\na = 2", 3),
    ],
)
def test_a_key_given_twice_is_called_so(only_problem: OnlyProblem, text: str, line: int) -> None:
    problem = only_problem(text)
    assert (problem.line, problem.message) == (line, "this key or table is given twice")


def test_a_byte_order_mark_is_overlooked(config_file: Path) -> None:
    config_file.write_bytes(b"\xef\xbb\xbf" + PROVIDER.encode())
    assert load_settings(config_file).providers[0].name == "entra"


def test_line_ends_of_windows_are_fine(config_file: Path) -> None:
    config_file.write_bytes(PROVIDER.replace("\n", "\r\n").encode())
    assert load_settings(config_file).providers[0].name == "entra"


def test_text_in_another_encoding_is_refused_with_the_line(only_problem: OnlyProblem) -> None:
    problem = only_problem("a = 1\nb = 'é'\n".encode("latin-1"))
    assert (problem.line, problem.remedy) == (2, "Save the file as UTF-8")


@pytest.mark.parametrize(
    "content", ["a = 1\n".encode("utf-16"), bytes(range(256)), b"\x7fELF\x02\x01\x01\x00", b"\x00"]
)
def test_a_binary_file_is_refused(only_problem: OnlyProblem, content: bytes) -> None:
    assert only_problem(content).line in (1, 2)


def test_a_huge_file_is_refused_unread(config_file: Path) -> None:
    with config_file.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ConfigError, match="larger than 1 MiB"):
        load_settings(config_file)


def test_a_file_of_just_the_largest_size_is_read(config_file: Path) -> None:
    config_file.write_bytes(b"#" * LARGEST_FILE)
    assert load_settings(config_file).providers == ()


def test_deep_nesting_is_refused(only_problem: OnlyProblem) -> None:
    assert "too deep" in only_problem("a = " + "[" * 100_000).message


def test_a_number_of_thousands_of_digits_is_refused(only_problem: OnlyProblem) -> None:
    assert "too many digits" in only_problem("a = " + "1" * 5000).message


def test_a_value_in_a_message_is_escaped_and_cut(only_problem: OnlyProblem) -> None:
    problem = only_problem(f'listener.bind = "\u202e{"x" * 5000}"')
    assert "\\u202e" in problem.message
    assert len(str(problem)) < 400


def test_a_key_in_a_message_is_escaped(only_problem: OnlyProblem) -> None:
    assert only_problem('"\\u001b[2J" = 1').key == r"'\x1b[2J'"


def test_a_secret_of_the_wrong_type_is_not_repeated(only_problem: OnlyProblem) -> None:
    problem = only_problem(PROVIDER + TARGET.replace('"env:WIKI_TOKEN"', "483920175"))
    assert problem.key == "target.credential"
    assert "483920175" not in str(problem)


def test_a_file_that_is_not_there_says_how_to_make_one(config_file: Path) -> None:
    with pytest.raises(ConfigMissing, match="manciple init"):
        load_settings(config_file)


def test_a_folder_is_not_a_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not a regular file"):
        load_settings(tmp_path)


def test_a_named_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="not a regular file"):
        load_settings(tmp_path / "pipe")


def test_a_link_in_a_circle_is_an_error_with_a_reason(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(ConfigError, match="cannot be read: "):
        load_settings(loop)


def test_a_file_that_may_not_be_read_is_an_error_with_a_reason(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_file.write_text("")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        load_settings(config_file)
