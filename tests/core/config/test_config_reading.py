"""What `config.toml` may say, and what comes of it."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from core.config import Settings
from core.planning.probes import ProbeRules

from .conftest import PROVIDER, TARGET, Load, OnlyProblem, Problems


def test_an_empty_file_is_a_configuration_with_every_default(load: Load, tmp_path: Path) -> None:
    settings = load("")
    assert settings.store.url == f"sqlite:///{tmp_path}/manciple.db"
    assert (settings.listener.bind_host, settings.listener.bind_port) == ("127.0.0.1", 8440)
    assert settings.listener.allow == (ip_network("0.0.0.0/0"), ip_network("::/0"))
    assert (settings.log.keep_days, settings.log.keep_mib, settings.log.bodies) == (30, 1024, "redacted")
    assert settings.console.slow is False
    assert (settings.providers, settings.targets, settings.warnings) == ((), (), ())


def test_the_settings_know_their_file(load: Load, config_file: Path) -> None:
    assert load("").path == config_file


def test_a_provider_without_a_target_is_valid_it_only_receives(load: Load) -> None:
    (provider,) = load(PROVIDER).providers
    assert (provider.name, provider.kind, provider.method) == ("entra", "entra", "scim")


def test_how_a_provider_is_let_in_is_read(load: Load) -> None:
    (provider,) = load(f'{PROVIDER}allow = ["192.0.2.0/24"]\nbasic = true\nrate = 100').providers
    assert (provider.allow, provider.basic, provider.rate) == ((ip_network("192.0.2.0/24"),), True, 100)


def test_unless_told_otherwise_a_provider_sends_bearer_tokens_from_anywhere_and_as_fast_as_it_can(load: Load) -> None:
    (provider,) = load(PROVIDER).providers
    assert (provider.allow, provider.basic, provider.rate) == (
        (ip_network("0.0.0.0/0"), ip_network("::/0")),
        False,
        None,
    )


@pytest.mark.parametrize("written", ["0", "-1", "1.5", '"100"', "100001"])
def test_another_rate_is_refused_with_the_accepted_form(only_problem: OnlyProblem, written: str) -> None:
    problem = only_problem(f"{PROVIDER}rate = {written}")
    assert problem.key == "provider.rate"
    assert problem.remedy.startswith("Write a whole number from 1 to 100000")


def test_forwarded_headers_are_believed_from_this_machine_or_from_the_named_proxies_only(load: Load) -> None:
    assert [str(each) for each in load("").listener.trusted_proxies] == ["127.0.0.0/8", "::1/128"]
    named = load('listener.trusted_proxies = ["192.0.2.7"]').listener
    assert [str(each) for each in named.trusted_proxies] == ["192.0.2.7/32"]
    assert load("listener.trusted_proxies = []").listener.trusted_proxies == ()


def test_the_addresses_to_enter_at_the_idp_follow_from_the_public_url(load: Load) -> None:
    listener = load('listener.public_url = "https://scim.example.com"').listener
    assert listener.scim_base_url("entra") == "https://scim.example.com/scim/entra/v2"
    assert listener.token_endpoint("entra") == "https://scim.example.com/scim/entra/oauth/token"


@pytest.mark.parametrize(
    "kind",
    ["entra", "okta", "onelogin", "ping", "jumpcloud", "google", "keycloak", "authentik", "sailpoint", "other"],
)
def test_a_provider_can_be_of_every_kind(load: Load, kind: str) -> None:
    assert load(f'[[provider]]\nname = "idp"\nkind = "{kind}"').providers[0].kind == kind


def test_what_jumpcloud_makes_waits_unless_told_otherwise(load: Load) -> None:
    def probes(kind: str, more: str = "") -> ProbeRules:
        return load(f'[[provider]]\nname = "idp"\nkind = "{kind}"\n{more}').providers[0].probes

    assert (probes("jumpcloud").hold, probes("entra").hold) == (120, 0)
    assert probes("jumpcloud", 'hold = "0s"') == ProbeRules()
    assert probes("okta", 'probes = ["scim-test@*"]\nhold = "5m"') == ProbeRules(("scim-test@*",), 300)


def test_every_section_is_read(load: Load, tmp_path: Path) -> None:
    settings = load(
        """
        [store]
        url = "postgresql+psycopg://manciple@db.example.com/manciple"
        [listener]
        bind = "[::1]:0"
        public_url = "https://scim.example.com/"
        tls_cert = "tls/cert.pem"
        tls_key = "/etc/tls/key.pem"
        allow = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"]
        [log]
        keep_days = 7
        keep_mib = 64
        bodies = "none"
        [console]
        theme = "paper"
        slow = true
        keymap = { sync = "ctrl+s", quit = "q,ctrl+q" }
        """
    )
    assert settings.store.url == "postgresql+psycopg://manciple@db.example.com/manciple"
    assert (settings.listener.bind_host, settings.listener.bind_port) == ("::1", 0)
    assert settings.listener.public_url == "https://scim.example.com"
    assert (settings.listener.tls_cert, settings.listener.tls_key) == (
        tmp_path / "tls/cert.pem",
        Path("/etc/tls/key.pem"),
    )
    assert [str(network) for network in settings.listener.allow] == ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7/32"]
    assert (settings.log.keep_days, settings.log.keep_mib, settings.log.bodies) == (7, 64, "none")
    assert (settings.console.theme, settings.console.slow) == ("paper", True)
    assert settings.console.keymap == {"sync": "ctrl+s", "quit": "q,ctrl+q"}


@pytest.mark.parametrize("written", ["within-brakes", "never"])
def test_auto_apply(load: Load, written: str) -> None:
    settings = load(f'{PROVIDER}{TARGET}schedule.auto_apply = "{written}"')
    assert settings.targets[0].schedule.auto_apply == written


def test_auto_apply_always_is_refused_with_what_replaced_it(only_problem: OnlyProblem) -> None:
    problem = only_problem(f'{PROVIDER}{TARGET}schedule.auto_apply = "always"')
    assert (problem.line, problem.key) == (10, "target.schedule.auto_apply")
    assert problem.message == "'always' is not accepted any more"
    assert problem.remedy == 'Write "within-brakes"'


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("5m", 300), ("1h", 3600), ("30d", 30 * 86400), ("never", None)]
)
def test_a_schedule_is_a_duration_or_never(load: Load, written: str, seconds: int | None) -> None:
    settings = load(f'{PROVIDER}{TARGET}schedule.every = "{written}"')
    assert settings.targets[0].schedule.every == seconds


@pytest.mark.parametrize("written", ["1", "h", "1 h", "-1h", "1.5h", "1w", "٣h", "0s", "0d", "9999999999d", "99999d"])
def test_another_schedule_is_refused_with_the_accepted_form(only_problem: OnlyProblem, written: str) -> None:
    problem = only_problem(f'{PROVIDER}{TARGET}schedule.every = "{written}"')
    assert problem.key == "target.schedule.every"
    assert "Write" in problem.remedy


def test_a_relative_database_lies_beside_the_configuration(load: Load, tmp_path: Path) -> None:
    assert load('store.url = "sqlite:///data/my.db"').store.url == f"sqlite:///{tmp_path}/data/my.db"


def test_an_absolute_database_lies_where_it_says(load: Load) -> None:
    assert load('store.url = "sqlite:////var/lib/m.db"').store.url == "sqlite:////var/lib/m.db"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?uri=true",
        "sqlite:///x.db?mode=ro",
        "mysql://u@h/d",
        "postgresql://u@h/d",
        "postgresql+psycopg://u@h",
        "postgresql+psycopg://u@h:port/d",
        "manciple.db",
    ],
)
def test_a_store_is_a_sqlite_file_or_a_postgresql_database(only_problem: OnlyProblem, url: str) -> None:
    problem = only_problem(f'[store]\nurl = "{url}"')
    assert (problem.line, problem.key) == (2, "store.url")
    assert "sqlite:///manciple.db" in problem.remedy


def test_a_password_in_the_url_of_the_store_works_and_is_warned_of(load: Load) -> None:
    settings = load('[store]\nurl = "postgresql+psycopg://m:hunter2@db/m"')
    (warning,) = settings.warnings
    assert (warning.line, warning.key) == (2, "store.url")
    assert "hunter2" in settings.store.url
    assert "hunter2" not in f"{settings!r} {settings.store.shown_url} {warning}"


@pytest.mark.parametrize(
    "bind",
    ["8440", "localhost", ":8440", "localhost:http", "127.0.0.1:65536", "http://x:1", "u@h:1", "h:1/x", "::1:1"],
)
def test_a_listener_binds_to_host_and_port(only_problem: OnlyProblem, bind: str) -> None:
    assert "127.0.0.1:8440" in only_problem(f'listener.bind = "{bind}"').remedy


@pytest.mark.parametrize(
    ("listener", "url"),
    [
        ("", "http://127.0.0.1:8440"),
        ('bind = "0.0.0.0:9000"', "http://127.0.0.1:9000"),
        ('bind = "[::1]:9000"', "http://[::1]:9000"),
        ('bind = "scim.example.com:443"\ntls_cert = "c"\ntls_key = "k"', "https://scim.example.com:443"),
    ],
)
def test_without_a_public_url_it_is_the_address_bound_to(load: Load, listener: str, url: str) -> None:
    settings = load(f"[listener]\n{listener}")
    assert settings.listener.public_url == url
    assert settings.listener.scim_base_url("entra") == f"{url}/scim/entra/v2"


@pytest.mark.parametrize(
    "url",
    [
        "scim.example.com",
        "ftp://scim.example.com",
        "https://",
        "https://scim.example.com/base",
        "https://scim.example.com?x",
        "https://scim.example.com/#x",
        "https://user@scim.example.com",
        "https://scim.example.com:0",
        "https://scim.example.com:x",
        "https://scim example.com",
        "https://[::1",
    ],
)
def test_a_public_url_has_scheme_host_and_port_only(only_problem: OnlyProblem, url: str) -> None:
    problem = only_problem(f'[listener]\npublic_url = "{url}"')
    assert (problem.line, problem.key) == (2, "listener.public_url")


def test_a_password_in_a_url_is_refused_and_not_repeated(only_problem: OnlyProblem) -> None:
    problem = only_problem(PROVIDER + TARGET.replace("https://", "https://admin:hunter2@"))
    assert problem.key == "target.url"
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize(("given", "missing"), [("tls_cert", "tls_key"), ("tls_key", "tls_cert")])
def test_a_certificate_and_its_key_come_together(only_problem: OnlyProblem, given: str, missing: str) -> None:
    problem = only_problem(f'[listener]\n{given} = "x.pem"')
    assert (problem.line, problem.key, problem.message) == (2, f"listener.{given}", f"{missing} is missing")


def test_a_network_with_bits_beyond_its_prefix_is_named_with_the_network_it_means(
    only_problem: OnlyProblem,
) -> None:
    problem = only_problem('[listener]\nallow = [\n  "10.0.0.0/8",\n  "10.1.2.3/8",\n]')
    assert (problem.line, problem.key) == (4, "listener.allow")
    assert problem.remedy == 'Write "10.0.0.0/8"'


def test_what_is_no_network_is_refused(only_problem: OnlyProblem) -> None:
    assert "is not an IP network" in only_problem('listener.allow = ["office"]').message


@pytest.mark.parametrize("name", ["Entra", "en tra", "-entra", "entra_id", "é", "a" * 33, "a/b"])
def test_a_name_is_made_of_small_letters_digits_and_hyphens(only_problem: OnlyProblem, name: str) -> None:
    problem = only_problem(f'[[provider]]\nname = "{name}"\nkind = "okta"')
    assert (problem.line, problem.key) == (2, "provider.name")
    assert "small letters" in problem.remedy


@pytest.mark.parametrize("name", ["e", "0", "entra-2", "a" * 32])
def test_a_name_may_be_short_long_or_begin_with_a_digit(load: Load, name: str) -> None:
    assert load(f'[[provider]]\nname = "{name}"\nkind = "okta"').providers[0].name == name


def test_two_providers_cannot_have_one_name(only_problem: OnlyProblem) -> None:
    problem = only_problem(PROVIDER + PROVIDER)
    assert (problem.line, problem.key) == (5, "provider.name")


def test_two_targets_cannot_have_one_name(only_problem: OnlyProblem) -> None:
    problem = only_problem(PROVIDER + TARGET + TARGET)
    assert (problem.line, problem.key) == (11, "target.name")


def test_a_target_names_a_provider_that_is_there(only_problem: OnlyProblem) -> None:
    problem = only_problem(PROVIDER + TARGET.replace('"entra"', '"okta"'))
    assert (problem.line, problem.key) == (8, "target.provider")
    assert problem.message == "there is no provider 'okta'"
    assert problem.remedy == "Name one of: entra"


def test_a_target_without_any_provider_says_to_add_one(only_problem: OnlyProblem) -> None:
    assert only_problem(TARGET).remedy == "Add a [[provider]] first"


def test_missing_keys_are_all_named_with_what_to_add(problems: Problems) -> None:
    found = problems('[[provider]]\nmethod = "scim"\n[[target]]\n')
    assert [(problem.line, problem.key) for problem in found] == [
        (1, "provider.name"),
        (1, "provider.kind"),
        (3, "target.name"),
        (3, "target.kind"),
        (3, "target.url"),
        (3, "target.credential"),
        (3, "target.provider"),
    ]
    assert "env:NAME" in found[5].remedy


def test_a_base_url_keeps_its_context_path(load: Load) -> None:
    text = TARGET.replace("wiki.example.com", "intra.example.com:8443/confluence/")
    assert load(PROVIDER + text).targets[0].url == "https://intra.example.com:8443/confluence"


def test_a_credential_over_plain_http_is_warned_of(load: Load) -> None:
    (warning,) = load(PROVIDER + TARGET.replace("https:", "http:")).warnings
    assert (warning.line, warning.key) == (7, "target.url")
    assert warning.remedy == "Use https://"


@pytest.mark.parametrize("host", ["localhost:8090", "127.0.0.1", "[::1]:8090"])
def test_plain_http_on_this_machine_is_fine(load: Load, host: str) -> None:
    assert load(PROVIDER + TARGET.replace("https://wiki.example.com", f"http://{host}")).warnings == ()


def test_a_secret_in_the_file_works_and_is_warned_of_without_being_shown(load: Load) -> None:
    settings = load(PROVIDER + TARGET.replace("env:WIKI_TOKEN", "hunter2"))
    (warning,) = settings.warnings
    assert (warning.line, warning.key) == (9, "target.credential")
    assert settings.targets[0].credential.resolve() == "hunter2"
    assert "hunter2" not in f"{settings!r} {settings} {warning}"


def test_a_secret_file_that_everybody_can_read_is_warned_of(load: Load, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("hunter2")
    secret.chmod(0o644)
    text = PROVIDER + TARGET.replace("env:WIKI_TOKEN", "file:token")
    (warning,) = load(text).warnings
    assert str(secret) in warning.message
    secret.chmod(0o600)
    assert load(text).warnings == ()


@pytest.mark.parametrize("reference", ["env:", "env:1X", "file:", "keyring:service", "keyring:/name", " "])
def test_a_reference_that_leads_nowhere_is_refused(only_problem: OnlyProblem, reference: str) -> None:
    problem = only_problem(PROVIDER + TARGET.replace("env:WIKI_TOKEN", reference))
    assert (problem.line, problem.key) == (9, "target.credential")


@pytest.mark.parametrize("in_flight", ["0", "101", "-1", "99999999999999999999"])
def test_a_number_out_of_range_is_refused_with_the_range(only_problem: OnlyProblem, in_flight: str) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}in_flight = {in_flight}")
    assert problem.remedy == "Write a whole number from 1 to 100"


def test_settings_are_values(load: Load) -> None:
    first, second = load(PROVIDER + TARGET), load(PROVIDER + TARGET)
    assert first == second
    assert len({first, second}) == 1


def test_a_keymap_cannot_be_changed_from_outside(load: Load) -> None:
    settings: Settings = load('console.keymap.sync = "s"')
    with pytest.raises(TypeError):
        settings.console.keymap["sync"] = "x"  # type: ignore[index]


def test_filters_have_names_and_sandboxes_are_base_urls(load: Load) -> None:
    console = load(
        """
        [console]
        sandboxes = ["https://scim-test.example.com/scim/entra/v2/"]
        [console.filters]
        "slow writes" = "is:slow is:write"
        """
    ).console
    assert console.filters == {"slow writes": "is:slow is:write"}
    assert console.sandboxes == ("https://scim-test.example.com/scim/entra/v2",)


def test_a_filter_that_cannot_be_read_says_where_and_why(only_problem: OnlyProblem) -> None:
    found = only_problem('console.filters.failures = "stauts:4xx"')
    assert found.key == "console.filters.failures"
    assert 'character 1: no field "stauts": status?' in str(found)
