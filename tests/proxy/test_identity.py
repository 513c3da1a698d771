"""Who is asking, by source; wrong files are one-line errors and a foreign front is not believed."""

import base64
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.model.traffic import Person
from gateway.proxy.identity import ByHeader, Caller, hash_password, identity_of, verify_password
from gateway.settings import Settings


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_without_identity_the_address_is_the_pseudonyms_input(tmp_path: Path) -> None:
    assert identity_of(Settings(data=tmp_path)).person(Caller("10.0.0.5"), None) == Person("10.0.0.5")


def test_a_table_names_people_and_departments_and_the_narrowest_row_wins(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text('["10.0.0.0/8"]\ndepartment = "burgerzaken"\n["10.0.0.5"]\nperson = "p1"\nroles = ["inkoper"]\n')
    identity = identity_of(Settings(data=tmp_path, identity="addresses", identity_file=file))
    assert identity.person(Caller("10.0.0.5"), None) == Person("p1", "", ("inkoper",))
    assert identity.person(Caller("10.9.9.9"), None) == Person("10.9.9.9", "burgerzaken")
    assert identity.person(Caller("::1"), None) == Person("::1")


def test_a_header_is_believed_from_a_front_only() -> None:
    identity = ByHeader("X-User", (ip_network("10.0.0.0/24"),))
    headers = {"x-user": "jansen;department=zorg"}
    assert identity.person(Caller("10.0.0.9", headers), None) == Person("jansen", "zorg")
    assert identity.person(Caller("10.0.1.9", headers), None) == Person("10.0.1.9")


@pytest.mark.parametrize("headers", [{}, {"x-user": ""}, {"x-user": " ;department=zorg"}], ids=str)
def test_a_front_that_names_nobody_is_not_the_person(headers: dict[str, str]) -> None:
    """Everybody of whom the front sent no name was the front: one pseudonym, one vault, one share."""
    identity = ByHeader("X-User", (ip_network("10.0.0.0/24"),))
    assert identity.person(Caller("10.0.0.9", headers), None) is None
    assert identity.person(Caller("10.0.1.9", headers), None) == Person("10.0.1.9")


async def test_passwords(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text(f'[jansen]\npassword = "{hash_password("geheim")}"\ndepartment = "zorg"\n')
    file.chmod(0o600)
    identity = identity_of(Settings(data=tmp_path, identity="basic", identity_file=file))
    assert identity.requires_login
    assert await identity.login(basic("jansen", "geheim")) == Person("jansen", "zorg")
    assert await identity.login(basic("jansen", "geheim")) == Person("jansen", "zorg")  # from memory
    for wrong in (basic("jansen", "fout"), basic("pietersen", "geheim"), basic("", ""), "Bearer x", "Basic !", ""):
        assert await identity.login(wrong) is None


def test_a_password_file_others_can_read_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text("[jansen]\n")
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        identity_of(Settings(data=tmp_path, identity="basic", identity_file=file))


@pytest.mark.parametrize(
    ("text", "message"),
    [("x = 1", "one table per"), ("[", "TOML"), ('["10.0.0.300"]', "not an address")],
)
def test_a_wrong_table_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "people.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=message):
        identity_of(Settings(data=tmp_path, identity="addresses", identity_file=file))


def test_missing_parts_of_the_settings_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="identity_file"):
        identity_of(Settings(data=tmp_path, identity="addresses"))
    with pytest.raises(SettingsError, match="identity_fronts"):
        identity_of(Settings(data=tmp_path, identity="header"))


def test_a_hash_that_is_none_never_matches() -> None:
    assert not verify_password("", "")
    assert not verify_password("x", "plain$x$x")
