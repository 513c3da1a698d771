"""The certificate authority: a root that can vouch for AI hosts only, and short-lived leaves with keys of their own.

X.509 name constraints (RFC 5280 §4.2.1.10) permit the catalogued hosts and exclude every IP address, so a stolen key
cannot impersonate a bank. The root's key may live elsewhere: without `root.key` only leaves minted before are used,
and a host without a leaf gets no certificate at all.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.errors import SettingsError
from gateway.observability.logs import get_logger
from gateway.proxy.files import check_private, ensure_folder, write_private

ROOT_CERTIFICATE = "root.crt"
ROOT_KEY = "root.key"
LEAVES = "leaves"
ROOT_DAYS = 3 * 365
BACKDATED = timedelta(hours=1)
"""Leaves start a little in the past, for PCs whose clock is behind."""
RENEW_BEFORE = timedelta(days=7)

log = get_logger("gateway.certificates")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One certificate for one name, with its own key."""

    name: str
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def ends(self) -> datetime:
        return self.certificate.not_valid_after_utc


@dataclass(frozen=True, slots=True)
class RootFacts:
    """What people and checks want to know of a root; `fingerprint` is SHA-256 in hex."""

    subject: str
    fingerprint: str
    ends: datetime
    permitted: tuple[str, ...]
    has_key: bool


class Authority:
    """The certificates in one folder. Opening checks key file modes and raises SettingsError."""

    def __init__(self, folder: Path, *, leaf_days: int = 30) -> None:
        self._folder = folder
        self._leaf_life = timedelta(days=leaf_days)
        self._leaves: dict[str, Leaf] = {}
        certificate = folder / ROOT_CERTIFICATE
        if not certificate.is_file():
            raise SettingsError(f"no certificate authority in {folder}; run: prompt-gateway ca create")
        try:
            self.root = x509.load_pem_x509_certificate(certificate.read_bytes())
        except ValueError:
            raise SettingsError(f"{certificate} is not a PEM certificate") from None
        self._key = _load_key(folder / ROOT_KEY) if (folder / ROOT_KEY).is_file() else None
        self.permitted = _permitted(self.root)
        self.reload()

    @property
    def root_file(self) -> Path:
        """The file to install on PCs."""
        return self._folder / ROOT_CERTIFICATE

    def facts(self) -> RootFacts:
        return RootFacts(
            subject=self.root.subject.rfc4514_string(),
            fingerprint=self.root.fingerprint(hashes.SHA256()).hex(),
            ends=self.root.not_valid_after_utc,
            permitted=self.permitted,
            has_key=self._key is not None,
        )

    def reload(self) -> None:
        """Read the minted leaves again; a leaf of another root is left out. Raises SettingsError on a bad key file."""
        leaves: dict[str, Leaf] = {}
        for path in sorted((self._folder / LEAVES).glob("*.pem")):
            check_private(path)
            content = path.read_bytes()
            try:
                certificate = x509.load_pem_x509_certificate(content)
                key = serialization.load_pem_private_key(content, None)
            except (ValueError, TypeError):
                raise SettingsError(f"{path} does not hold a certificate and its key") from None
            if not _is_issued_by(certificate, self.root):
                continue
            if isinstance(key, ec.EllipticCurvePrivateKey):
                name = _name_of(certificate)
                leaves[name] = Leaf(name, certificate, key)
        self._leaves = leaves

    async def take_over(self) -> None:
        """Look for leaves that were minted elsewhere; a bad file is told and the old leaves stay."""
        if self._key is not None:
            return
        try:
            await asyncio.to_thread(self.reload)
        except SettingsError:
            log.error("leaves-not-read")

    def covers(self, host: str) -> bool:
        """Whether the root's name constraints allow a certificate for `host`."""
        return any(host == suffix or host.endswith(f".{suffix}") for suffix in self.permitted)

    def leaf(self, host: str, now: datetime | None = None) -> Leaf | None:
        """The certificate to show for `host`, minted when there is a root key; None means: fail closed."""
        now = now or datetime.now(UTC)
        for name in (host, f"*.{host.partition('.')[2]}"):
            leaf = self._leaves.get(name)
            if leaf is not None and leaf.ends > now and (self._key is None or leaf.ends - now > RENEW_BEFORE):
                return leaf
        if self._key is None or not self.covers(host):
            return None
        return self.mint(host, now)

    def mint(self, name: str, now: datetime | None = None) -> Leaf:
        """A fresh leaf for a host or a `*.` pattern, kept in memory. Raises SettingsError without the root's key."""
        if self._key is None:
            raise SettingsError(f"{self._folder / ROOT_KEY} is not here; leaves are minted where the root's key is")
        now = now or datetime.now(UTC)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]))
            .issuer_name(self.root.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(min(now - BACKDATED + self._leaf_life, self.root.not_valid_after_utc))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(_issued_by(self.root), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self._leaves[name] = leaf = Leaf(name, certificate, key)
        return leaf

    def mint_all(self, hosts: Iterable[str]) -> int:
        """Write a fresh leaf file for every host or `*.` pattern; for gateways that do not have the root's key."""
        folder = ensure_folder(self._folder / LEAVES)
        count = 0
        for name in sorted({spelling for host in hosts for spelling in _spellings(host)}):
            leaf = self.mint(name)
            write_private(folder / f"{name.replace('*', '_')}.pem", _pem(leaf.key) + _pem(leaf.certificate))
            count += 1
        return count


def create(folder: Path, hosts: Iterable[str], *, organisation: str, days: int = ROOT_DAYS) -> None:
    """Write a new root (key 0600) whose name constraints permit `hosts`. Raises SettingsError when one is there."""
    ensure_folder(folder)
    if (folder / ROOT_CERTIFICATE).exists():
        raise SettingsError(f"{folder / ROOT_CERTIFICATE} exists; use: prompt-gateway ca rotate")
    _write_root(folder, hosts, organisation, days)


def rotate(folder: Path, hosts: Iterable[str], *, organisation: str, days: int = ROOT_DAYS) -> None:
    """Replace the root and its key; the old certificate is kept beside it, for the time PCs still carry it."""
    old = folder / ROOT_CERTIFICATE
    if old.exists():
        ends = x509.load_pem_x509_certificate(old.read_bytes()).not_valid_before_utc
        old.rename(folder / f"root-{ends:%Y%m%d-%H%M%S}.crt")
    for leaf in (folder / LEAVES).glob("*.pem"):
        leaf.unlink()
    _write_root(ensure_folder(folder), hosts, organisation, days)


def _write_root(folder: Path, hosts: Iterable[str], organisation: str, days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"prompt-gateway AI {now:%Y-%m-%d}"),
        ]
    )
    suffixes = _shortest({host.removeprefix("*.").lower() for host in hosts})
    constraints = x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(suffix) for suffix in suffixes],
        excluded_subtrees=[x509.IPAddress(ip_network("0.0.0.0/0")), x509.IPAddress(ip_network("::/0"))],
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True), critical=True)
        .add_extension(constraints, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(folder / ROOT_KEY, _pem(key))
    (folder / ROOT_CERTIFICATE).write_bytes(_pem(certificate))


def _shortest(suffixes: set[str]) -> list[str]:
    """The suffixes without those that a shorter one already covers."""

    def is_covered(name: str) -> bool:
        labels = name.split(".")
        return any(".".join(labels[start:]) in suffixes for start in range(1, len(labels)))

    return sorted(name for name in suffixes if name and not is_covered(name))


def _spellings(host: str) -> tuple[str, ...]:
    """The certificate names a host pattern needs: a wildcard does not cover the bare name."""
    return (host, host.removeprefix("*.")) if host.startswith("*.") else (host,)


def _permitted(root: x509.Certificate) -> tuple[str, ...]:
    try:
        constraints = root.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        raise SettingsError("the root certificate has no name constraints; it could impersonate any site") from None
    return tuple(name.value for name in constraints.permitted_subtrees or () if isinstance(name, x509.DNSName))


def _name_of(certificate: x509.Certificate) -> str:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    found = names.get_values_for_type(x509.DNSName)
    return found[0] if found else ""


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    check_private(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        raise SettingsError(f"{path} is not an unencrypted PEM key") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SettingsError(f"{path} is not an elliptic-curve key")
    return key


def _is_issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError):
        return False
    return True


def _issued_by(root: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _key_usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=key_cert_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(item: x509.Certificate | ec.EllipticCurvePrivateKey) -> bytes:
    if isinstance(item, x509.Certificate):
        return item.public_bytes(serialization.Encoding.PEM)
    return item.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
