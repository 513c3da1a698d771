"""Deployment settings: sources, one-line errors, and a handbook page equal to the fields."""

from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.settings import PREFIX, Settings, is_loopback, split_address

PAGE = Path(__file__).parents[1] / "deploy" / "handbook" / "settings.md"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv(f"{PREFIX}CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)


def table() -> str:
    """The settings as the handbook shows them."""
    rows = ["| Setting | Default | Meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        value = "`data`" if name == "data" else _shown(field.get_default(call_default_factory=True))
        rows.append(f"| `{name}` | {value} | {field.description} |")
    return "\n".join(rows) + "\n"


def _shown(value: object) -> str:
    match value:
        case None | "" | () | {}:
            return "–"
        case tuple():
            return ", ".join(f"`{item}`" for item in value)
        case bool():
            return "yes" if value else "no"
        case _:
            return f"`{value}`"


def test_the_handbook_page_lists_every_setting() -> None:
    """Law 10: the catalogue is the documentation. `python -m tests.test_settings` prints the table to paste."""
    assert table() in PAGE.read_text(encoding="utf-8")


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.read()
    assert settings.data == Path("data")
    assert settings.exposed() == ()


def test_arguments_beat_environment_beats_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('workers = 3\nworker_queue = 5\nlisten = "127.0.0.1:1"\n[tenants]\nmicrosoft = "t1"\n')
    monkeypatch.setenv(f"{PREFIX}WORKERS", "4")
    monkeypatch.setenv(f"{PREFIX}LISTEN", "127.0.0.1:2")
    settings = Settings.read(file, listen="127.0.0.1:3", mode=())
    assert (settings.workers, settings.worker_queue, settings.listen) == (4, 5, "127.0.0.1:3")
    assert settings.tenants == {"microsoft": "t1"}
    assert settings.mode == ("regular",)


def test_lists_in_variables_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}MODE", "regular, reverse:https://api.example.nl@127.0.0.1:9000")
    monkeypatch.setenv(f"{PREFIX}IDENTITY_FRONTS", "10.0.0.0/8,fd00::/8")
    settings = Settings.read()
    assert settings.mode[1].startswith("reverse:")
    assert [str(network) for network in settings.identity_fronts] == ["10.0.0.0/8", "fd00::/8"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("wrokers = 3", "wrokers"),  # a spelling mistake is not ignored
        ("workers = 0", "workers"),  # outside its bounds
        ('listen = "8080"', "listen"),  # not an address
        ("leaf_days = 400", "leaf_days"),  # browsers and law of the house: 30 at most
        ("workers = ", "site.toml"),  # not TOML
    ],
)
def test_a_mistake_is_one_line_that_names_setting_and_file(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "site.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        Settings.read(file)
    message = str(caught.value)
    assert named in message
    assert "site.toml" in message
    assert "\n" not in message


def test_a_named_file_must_exist() -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        Settings.read(Path("nowhere.toml"))


def test_listeners_on_other_interfaces_are_named() -> None:
    settings = Settings.read(listen="0.0.0.0:8080", portal_listen="[::1]:8081")
    assert settings.exposed() == ("proxy 0.0.0.0:8080",)


def test_addresses() -> None:
    assert split_address("[::1]:80") == ("::1", 80)
    assert is_loopback("::1")
    assert not is_loopback("gateway.example.nl")
    for wrong in ("80", ":80", "host:", "host:99999", "host:x"):
        with pytest.raises(ValueError, match="ADDRESS:PORT"):
            split_address(wrong)


if __name__ == "__main__":
    print(table())
