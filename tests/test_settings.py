"""Settings come from the environment, and a wrong one is a sentence."""

from pathlib import Path

import pytest

from app.settings import BadSettings, read_settings, variables


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_serves_to_this_machine_from_a_database_of_our_own() -> None:
    settings = read_settings()

    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, None)
    assert settings.data_dir.is_absolute()


def test_the_data_folder_of_an_ordinary_user_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert read_settings().data_dir == Path("/somewhere/sitrep")

    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/ada")
    assert read_settings().data_dir == Path("/home/ada/.local/share/sitrep")


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITREP_PORT", "")

    assert read_settings().port == 8000


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://me:pw@db.example:5433/news", "postgresql+asyncpg://me:pw@db.example:5433/news"),
        ("postgres://db.example/news", "postgresql+asyncpg://db.example/news"),
        ("postgresql+asyncpg:///news?host=/run/pg", "postgresql+asyncpg:///news?host=%2Frun%2Fpg"),
        ("postgresql://db.example/news?sslmode=require", "postgresql+asyncpg://db.example/news?ssl=require"),
    ],
)
def test_the_usual_forms_of_a_database_url_are_understood(
    monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    monkeypatch.setenv("SITREP_DATABASE_URL", given)

    assert read_settings().database_url == used


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SITREP_PORT", "http", "SITREP_PORT is 'http', and must be a valid integer"),
        ("SITREP_PORT", "70000", "SITREP_PORT is '70000', and must be less than or equal to 65535."),
        (
            "SITREP_DATABASE_URL",
            "mysql://a:secret@b/c",
            "SITREP_DATABASE_URL must look like postgresql://user:",
        ),
        (
            "SITREP_DATABASE_URL",
            "postgresql://me:secret@db",
            "SITREP_DATABASE_URL must look like postgresql://user:",
        ),
        (
            "SITREP_DATABASE_URL",
            "postgresql://me:secret@db:port/news",
            "SITREP_DATABASE_URL must look like postgresql://user:",
        ),
        (
            "SITREP_DATABASE_URL",
            "postgresql://me:secret@[::1/news",
            "SITREP_DATABASE_URL must look like postgresql://user:",
        ),
        (
            "SITREP_DATABASE_URL",
            "postgresql://me:secret@db/news?connect_timeout=5",
            "SITREP_DATABASE_URL must not have the option connect_timeout; those that are read are host, port, sslmode,",
        ),
        (
            "SITREP_MISTAKES_URL",
            "javascript:alert(1)",
            "SITREP_MISTAKES_URL must look like mailto:desk@news.example",
        ),
        (
            "SITREP_MISTAKES_URL",
            "mailto:the desk",
            "SITREP_MISTAKES_URL must look like mailto:desk@news.example",
        ),
        ("SITREP_MISTAKES_URL", "https://", "SITREP_MISTAKES_URL must look like mailto:desk@news.example"),
        ("SITREP_DATADIR", "/x", "SITREP_DATADIR is no setting of Sitrep; there are SITREP_DATABASE_URL,"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_keeps_passwords_to_itself(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettings) as refused:
        read_settings()
    assert str(refused.value).startswith(sentence)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "mailto:desk@news.example",
        "mailto:desk@news.example?cc=a@b.example",
        "https://news.example/mistakes?event={event}",
    ],
)
def test_mistakes_are_reported_by_mail_or_on_a_page(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SITREP_MISTAKES_URL", address)

    assert read_settings().mistakes_url == address


@pytest.mark.parametrize(
    "address",
    [
        "https://tiles.example/{z}/{x}/{y}.png",
        "http://127.0.0.1:8080/style.json",
        "https://[::1]:8443/s.json",
    ],
)
def test_a_base_map_is_tiles_or_a_style(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SITREP_BASEMAP_URL", address)

    assert read_settings().basemap_url == address


@pytest.mark.parametrize(
    "address",
    ["tiles.example/{z}/{x}/{y}.png", "ftp://tiles.example/style.json", "https://tiles.example/{z}/{x}.png",
     "https://tiles.example; script-src */s.json", "https://me:pw@tiles.example/s.json", "https:///style.json"],
)  # fmt: skip
def test_another_address_of_a_base_map_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SITREP_BASEMAP_URL", address)

    with pytest.raises(BadSettings, match="SITREP_BASEMAP_URL must look like https://host"):
        read_settings()
