"""The configuration: read, overridden, refused."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from shared_handlers.settings import Settings, SettingsError, load_settings

NOTHING: Mapping[str, str] = {}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    return folder / "web.yaml"


def refusal(config: Path, text: str, environ: Mapping[str, str] = NOTHING, mode: str | None = None) -> list[str]:
    """The lines that say what is wrong with a configuration, without the folder of the file."""
    config.write_text(text)
    with pytest.raises(SettingsError) as raised:
        load_settings(config, mode, environ)
    return [line.strip().removeprefix(f"{config.parent}/") for line in str(raised.value).splitlines()]


def loaded(config: Path, text: str, environ: Mapping[str, str] = NOTHING, mode: str | None = None) -> Settings:
    config.write_text(text)
    return load_settings(config, mode, environ)


def test_the_shipped_configuration_is_valid_and_states_the_defaults() -> None:
    shipped = load_settings(Path("config/config_webserver.yaml"), environ={})
    defaults = Settings()
    assert shipped.port == defaults.port
    assert shipped.server.model_copy(update={"cors": defaults.server.cors}) == defaults.server


def test_the_file_sets_what_it_names_and_the_rest_keeps_its_default(config: Path) -> None:
    settings = loaded(config, "server:\n  max_body: 10\n")
    assert settings.server.max_body == 10
    assert settings.server.keepalive_timeout == 75


@pytest.mark.parametrize("text", ["", "server:\n", "server:\n  logging:\n", "# nothing\n"])
def test_an_empty_file_or_section_means_the_defaults(config: Path, text: str) -> None:
    assert loaded(config, text).server == Settings().server


def test_the_environment_wins_over_the_file_and_the_option_over_both(config: Path) -> None:
    environ = {"NLWEB_SERVER__MAX_BODY": "20", "NLWEB_MODE": "production", "OTHER": "x"}
    settings = loaded(config, "mode: development\nserver: {max_body: 10}\n", environ, "testing")
    assert settings.server.max_body == 20
    assert settings.mode == "testing"


def test_port_is_a_name_of_its_own_and_nlweb_port_wins_over_it(config: Path) -> None:
    assert loaded(config, "port: 1\n", {"PORT": "2"}).port == 2
    assert loaded(config, "port: 1\n", {"PORT": "2", "NLWEB_PORT": "3"}).port == 3


@pytest.mark.parametrize("text", ["https://a.example,https://b.example", '["https://a.example", "https://b.example"]'])
def test_a_list_in_the_environment_is_a_comma_list_or_json(config: Path, text: str) -> None:
    origins = loaded(config, "", {"NLWEB_SERVER__CORS__ORIGINS": text}).server.cors.origins
    assert origins == ("https://a.example", "https://b.example")


def test_providers_can_be_named_in_the_environment(config: Path) -> None:
    provider = "{client_id: a, client_secret_env: B, auth_url: c, token_url: d}"
    settings = loaded(
        config, f"oauth: {{providers: {{x: {provider}}}}}\n", {"NLWEB_OAUTH__PROVIDERS__X__CLIENT_ID": "z"}
    )
    assert settings.oauth.providers["x"].client_id == "z"


def test_relative_paths_start_above_a_folder_named_config(config: Path, tmp_path: Path) -> None:
    settings = loaded(config, "server: {logging: {file: log}}\nnlweb: {sources: [{site: a, path: b}]}\n")
    assert settings.static_directory == tmp_path / "static"
    assert settings.server.logging.file == tmp_path / "log"
    assert settings.nlweb.store == tmp_path / "data"
    assert settings.nlweb.sources[0].path == tmp_path / "b"


def test_relative_paths_start_beside_a_file_elsewhere_and_absolute_ones_stay(tmp_path: Path) -> None:
    settings = loaded(tmp_path / "web.yaml", "nlweb: {store: /var/lib/x}\n")
    assert settings.static_directory == tmp_path / "static"
    assert settings.nlweb.store == Path("/var/lib/x")


def test_every_fault_is_named_at_once_with_its_line(config: Path) -> None:
    text = "port: 70000\nserver:\n  max_bod: 3\n  timeout: .inf\ncolour: red\nmode: fast\n"
    lines = refusal(config, text, {"NLWEB_SERVER__MAX_BODY": "many"})
    assert lines[0] == "the configuration can't be used:"
    assert sorted(lines[1:]) == [
        "environment variable NLWEB_SERVER__MAX_BODY: server.max_body: 'many': should be a valid integer, unable to parse string as an integer",
        "web.yaml:1: port: 70000: should be less than or equal to 65535",
        "web.yaml:3: server.max_bod: unknown key; did you mean max_body?",
        "web.yaml:4: server.timeout: inf: should be less than or equal to 86400",
        "web.yaml:5: colour: unknown key; allowed here: auth, compression, conversations, mode, nlweb, oauth, port, ratelimit, server, static_directory, uploads",
        "web.yaml:6: mode: 'fast': should be 'development', 'production' or 'testing'",
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NLWEB_SERVER__MAX_BOD", "no such setting; did you mean max_body?"),
        ("NLWEB_COLOUR", "no such setting; allowed here: auth"),
        ("NLWEB_", "no such setting"),
        ("NLWEB_PORT__X", "no such setting; a value has no keys of its own"),
        ("NLWEB_SERVER", "names a section"),
    ],
)
def test_an_unknown_name_in_the_environment_is_refused(config: Path, name: str, words: str) -> None:
    (line,) = refusal(config, "", {name: "1"})[1:]
    assert line.startswith(f"environment variable {name}: {words}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("server: {max_body: true}", "server.max_body: True: should be a number"),
        ("server: {max_body: 0}", "server.max_body: 0: should be greater than or equal to 1"),
        ("server: {timeout: .nan}", "server.timeout: nan: should be"),
        ("server: {enable_cors: perhaps}", "server.enable_cors: 'perhaps': should be a valid boolean"),
        ("server: {host: ''}", "server.host: '': "),
        ("server: 5", "server: 5: should be a valid dictionary"),
        ("server: {cors: {origins: [a.example]}}", "server.cors.origins.0: 'a.example': 'a.example' is not an origin"),
        ("server: {cors: {origins: ['https://a/b']}}", "server.cors.origins.0"),
        ("server: {cors: {origins: ['*'], credentials: true}}", "server.cors: origins `*` with credentials"),
        ("ratelimit: {requests: 0}", "ratelimit.requests: 0: should be greater than or equal to 1"),
        ("ratelimit: {seconds: 0}", "ratelimit.seconds: 0: should be greater than or equal to 1"),
        ("nlweb: {llm: {base_url: http://x}}", "nlweb.llm.base_url: 'http://x': this version answers without"),
        ("port: 1\nport: 2", "port: given twice, first at "),
        ("- a", "the configuration should be a mapping"),
        ("port: [", "not YAML"),
        ("port: 2020-13-45", "web.yaml:1: port: '2020-13-45': should be a valid integer"),
        ("? [a]\n: 2", "web.yaml:1: a key should be a plain word"),
        ("server: &s {cors: *s}", "web.yaml: nested too deeply, or an alias stands in what it names"),
    ],
)
def test_a_bad_value_is_refused_in_words(config: Path, text: str, words: str) -> None:
    assert any(words in line for line in refusal(config, text))


def test_a_value_that_may_be_a_secret_is_not_shown(config: Path) -> None:
    text = "oauth: {providers: {x: {client_secret: hunter2, client_secret_env: 123456}}}\n"
    lines = "\n".join(refusal(config, text, {"NLWEB_NLWEB__LLM__API_KEY": "hunter2"}))
    assert "client_secret_env: should be a valid string" in lines
    assert "hunter2" not in lines
    assert "123456" not in lines


def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such configuration file; write it or name one by --config"):
        load_settings(tmp_path / "none.yaml", environ={})


def test_a_file_that_is_not_utf_8_is_refused(config: Path) -> None:
    config.write_bytes(b"port: \xff\n")
    with pytest.raises(SettingsError, match=r"can't be read|not YAML"):
        load_settings(config, environ={})


def test_tls_without_a_readable_certificate_is_refused(config: Path, tmp_path: Path) -> None:
    text = "server:\n  ssl:\n    enabled: true\n"
    assert "web.yaml:3: server.ssl.enabled: the files named by SSL_CERT_FILE" in refusal(config, text)[1]
    (tmp_path / "pem").write_text("no certificate")
    paths = {"SSL_CERT_FILE": str(tmp_path / "pem"), "SSL_KEY_FILE": str(tmp_path / "pem")}
    assert "can't be used" in refusal(config, text, paths)[1]


def test_tls_with_a_certificate_and_its_key_is_accepted(config: Path, tmp_path: Path) -> None:
    pem = tmp_path / "pem"
    command = (
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout {pem}.key -out {pem}"
    )
    try:
        subprocess.run(command.split(), check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    settings = loaded(
        config,
        "server: {ssl: {enabled: true, cert_file_env: A, key_file_env: B}}\n",
        {"A": str(pem), "B": f"{pem}.key"},
    )
    assert settings.server.ssl.enabled


def test_settings_do_not_change(config: Path) -> None:
    settings = loaded(config, "")
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
