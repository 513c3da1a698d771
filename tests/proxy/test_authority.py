"""The certificate authority: constrained root, keyed leaves, modes of key files, and failing closed for other hosts."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from gateway.errors import SettingsError
from gateway.proxy.authority import ROOT_KEY, Authority, create, rotate

HOSTS = ("chat.example.test", "*.ai.example.test", "api.chat.example.test")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create(tmp_path / "ca", HOSTS, organisation="Gemeente Voorbeeld")
    return tmp_path / "ca"


def test_the_root_is_limited_to_the_catalogue(folder: Path) -> None:
    constraints = Authority(folder).root.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert Authority(folder).permitted == ("ai.example.test", "chat.example.test")
    assert len(constraints.value.excluded_subtrees or ()) == 2  # every IPv4 and IPv6 address


def test_openssl_accepts_a_listed_host_and_refuses_another(folder: Path, tmp_path: Path) -> None:
    """A stolen root key cannot impersonate a bank: the constraint is what stops it, not our own check."""
    authority = Authority(folder)
    for name, code in (("chat.example.test", 0), ("a.ai.example.test", 0), ("bank.example.org", 2)):
        file = tmp_path / "leaf.pem"
        file.write_bytes(authority.mint(name).certificate.public_bytes(serialization.Encoding.PEM))
        run = subprocess.run(
            ["openssl", "verify", "-CAfile", str(authority.root_file), "-verify_hostname", name, str(file)],
            capture_output=True,
            check=False,
        )
        assert run.returncode == code, name


def test_each_leaf_has_its_own_key_and_a_short_life(folder: Path) -> None:
    authority = Authority(folder)
    one, other = authority.leaf("chat.example.test"), authority.leaf("a.ai.example.test")
    assert one is not None
    assert other is not None
    assert one.key.private_numbers() != other.key.private_numbers()
    assert one.ends - datetime.now(UTC) <= timedelta(days=30)
    assert authority.leaf("chat.example.test") is one


def test_a_leaf_is_renewed_a_week_before_its_end(folder: Path) -> None:
    authority = Authority(folder)
    first = authority.leaf("chat.example.test")
    assert authority.leaf("chat.example.test", datetime.now(UTC) + timedelta(days=24)) is not first


def test_an_unlisted_host_gets_no_certificate(folder: Path) -> None:
    assert Authority(folder).leaf("bank.example.org") is None


def test_without_the_root_key_only_minted_leaves_are_shown(folder: Path) -> None:
    authority = Authority(folder)
    assert authority.mint_all(HOSTS) == 4
    (folder / ROOT_KEY).unlink()
    reader = Authority(folder)
    assert reader.leaf("chat.example.test") is not None
    deep = reader.leaf("a.ai.example.test")
    assert deep is not None
    assert deep.name == "*.ai.example.test"
    assert reader.leaf("x.chat.example.test") is None


def test_new_leaf_files_are_picked_up_without_a_restart(folder: Path) -> None:
    Authority(folder).mint_all(HOSTS)
    key = (folder / ROOT_KEY).read_bytes()
    (folder / ROOT_KEY).unlink()
    reader = Authority(folder)
    before = reader.leaf("chat.example.test")
    (folder / ROOT_KEY).write_bytes(key)
    (folder / ROOT_KEY).chmod(0o600)
    Authority(folder).mint_all(HOSTS)
    reader.reload()
    after = reader.leaf("chat.example.test")
    assert before is not None
    assert after is not None
    assert before.certificate.serial_number != after.certificate.serial_number


async def test_a_gateway_without_the_key_takes_over_fresh_leaves_and_survives_a_bad_file(folder: Path) -> None:
    source = Authority(folder)
    source.mint_all(HOSTS)
    (folder / ROOT_KEY).unlink()
    reader = Authority(folder)
    before = reader.leaf("chat.example.test")
    leaf = folder / "leaves" / "chat.example.test.pem"
    leaf.write_text("damaged")
    await reader.take_over()
    assert reader.leaf("chat.example.test") is before
    source.mint_all(HOSTS)
    await reader.take_over()
    assert reader.leaf("chat.example.test") is not before


def test_leaves_of_another_root_are_not_shown(folder: Path) -> None:
    Authority(folder).mint_all(HOSTS)
    leaf = next((folder / "leaves").glob("chat*.pem"))
    content = leaf.read_bytes()
    rotate(folder, HOSTS, organisation="Gemeente Voorbeeld")
    leaf.write_bytes(content)
    leaf.chmod(0o600)
    (folder / ROOT_KEY).unlink()
    assert Authority(folder).leaf("chat.example.test") is None


@pytest.mark.parametrize("name", [ROOT_KEY, "leaves/chat.example.test.pem"])
def test_a_key_others_can_read_stops_the_start(folder: Path, name: str) -> None:
    Authority(folder).mint_all(HOSTS)
    (folder / name).chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        Authority(folder)


def test_a_root_without_constraints_is_not_used(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "1", "-subj", "/CN=free", "-keyout", "/dev/null", "-out", str(folder / "root.crt")),
        ],
        check=True,
        capture_output=True,
    )
    with pytest.raises(SettingsError, match="name constraints"):
        Authority(folder)


def test_creating_twice_and_opening_nothing_are_one_line_errors(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ca rotate"):
        create(folder, HOSTS, organisation="x")
    with pytest.raises(SettingsError, match="ca create"):
        Authority(tmp_path)
