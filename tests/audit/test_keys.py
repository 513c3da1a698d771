"""Keys, pseudonyms and fingerprints: kept private, different every month, and worthless without the key."""

from pathlib import Path

import pytest

from gateway.audit.fingerprints import Fingerprinter, normalise
from gateway.audit.keys import JournalKeys, Verifier
from gateway.audit.pseudonyms import Pseudonyms
from gateway.errors import SettingsError
from gateway.model.inspection import Entity
from tests.audit.records import DAY, NOON


@pytest.fixture
def keys(tmp_path: Path) -> JournalKeys:
    return JournalKeys.open(tmp_path / "keys")


def test_key_files_are_private_and_stay_the_same(tmp_path: Path, keys: JournalKeys) -> None:
    keys.pseudonyms.key("2026-09")
    private = [path for path in (tmp_path / "keys").rglob("*.*") if path.name != "journal-public-key.pem"]
    assert len(private) == 2
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}
    again = JournalKeys.open(tmp_path / "keys")
    assert again.verifier.id == keys.verifier.id == Verifier.read(tmp_path / "keys" / "journal-public-key.pem").id
    assert again.pseudonyms.key("2026-09") == keys.pseudonyms.key("2026-09")


def test_a_key_others_may_read_stops_the_start(tmp_path: Path, keys: JournalKeys) -> None:
    (tmp_path / "keys" / "journal-signing-key.pem").chmod(0o640)
    with pytest.raises(SettingsError, match="others may read this key; run: chmod 600"):
        JournalKeys.open(tmp_path / "keys")


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_one_line(tmp_path: Path, keys: JournalKeys, content: bytes) -> None:
    (tmp_path / "keys" / "journal-signing-key.pem").write_bytes(content)
    with pytest.raises(SettingsError, match="not a private key"):
        JournalKeys.open(tmp_path / "keys")


def test_fingerprint_keys_can_be_kept_apart(tmp_path: Path) -> None:
    keys = JournalKeys.open(tmp_path / "keys", fingerprints=tmp_path / "elsewhere")
    Fingerprinter(keys.fingerprints, lambda: NOON).digest(Entity.NL_BSN, "999912343")
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["2026-09.key"]
    assert not (tmp_path / "keys" / "fingerprints").exists()


def test_no_repr_shows_a_secret(keys: JournalKeys) -> None:
    secret = keys.pseudonyms.key("2026-09")
    assert secret.hex() not in repr(keys)
    assert repr(secret) not in repr(keys)


def test_a_pseudonym_is_stable_within_a_month_and_new_in_the_next(keys: JournalKeys) -> None:
    names = Pseudonyms(keys.pseudonyms)
    assert names.of("Jan.Jansen", NOON) == names.of(" jan.jansen", NOON + DAY)
    assert names.of("jan.jansen", NOON) != names.of("jan.jansen", NOON + 30 * DAY)
    assert names.of("jan.jansen", NOON) != names.of("piet.jansen", NOON)
    assert names.of("", NOON) == ""


def test_after_its_key_is_destroyed_nobody_can_be_found(keys: JournalKeys) -> None:
    names = Pseudonyms(keys.pseudonyms)
    known = names.of("jan.jansen", NOON)
    assert names.find(known, ["piet", "jan.jansen"], "2026-09") == "jan.jansen"
    keys.pseudonyms.destroy("2026-09")
    assert names.find(known, ["piet", "jan.jansen"], "2026-09") == ""
    assert keys.pseudonyms.months() == (), "looking does not make a new key"


@pytest.mark.parametrize(
    ("entity", "one", "other", "is_same"),
    [
        (Entity.NL_BSN, "9999.12.343", "999912343", True),
        (Entity.NL_BSN, "999912343", "999912344", False),
        (Entity.IBAN_CODE, "nl91 abna 0417 1643 00", "NL91ABNA0417164300", True),
        (Entity.PHONE_NUMBER, "+31 6 12345678", "06-12345678", True),
        (Entity.PHONE_NUMBER, "0031612345678", "0612345678", True),
        (Entity.PERSON, "Fátima  el-Amrani", "fatima El Amrani", True),
        (Entity.EMAIL_ADDRESS, " Jan.Jansen@Example.nl", "jan.jansen@example.nl", True),
        (Entity.EMAIL_ADDRESS, "jan.jansen@example.nl", "janjansen@example.nl", False),
        (Entity.NL_BSN, "９９９９１２３４３", "999912343", True),
    ],
)
def test_ways_of_writing_a_value_have_one_fingerprint(entity: Entity, one: str, other: str, is_same: bool) -> None:
    assert (normalise(entity, one) == normalise(entity, other)) is is_same


def test_a_fingerprint_depends_on_entity_month_and_key(keys: JournalKeys, tmp_path: Path) -> None:
    now = Fingerprinter(keys.fingerprints, lambda: NOON)
    later = Fingerprinter(keys.fingerprints, lambda: NOON + 30 * DAY)
    elsewhere = Fingerprinter(JournalKeys.open(tmp_path / "other").fingerprints, lambda: NOON)
    marks = {
        now.digest(Entity.NL_BSN, "999912343").digest,
        now.digest(Entity.NL_RSIN, "999912343").digest,
        later.digest(Entity.NL_BSN, "999912343").digest,
        elsewhere.digest(Entity.NL_BSN, "999912343").digest,
    }
    assert len(marks) == 4
    assert set(now.digests(Entity.NL_BSN, "999912343")) <= marks, "an auditor asks every month that has a key"
