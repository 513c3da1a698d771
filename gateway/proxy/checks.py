"""What is checked before anything starts; each failure is one SettingsError line that says what to do."""

import asyncio
import socket
from pathlib import Path

import certifi

from gateway.detection.models import ModelPaths
from gateway.errors import SettingsError
from gateway.proxy import authority as certificates
from gateway.proxy.authority import Authority
from gateway.proxy.engine import Listener, listeners, reverse_targets
from gateway.proxy.files import ensure_folder
from gateway.proxy.lab import LabLoop, parse_connect_to
from gateway.proxy.tenants import missing_values
from gateway.rehearsal.apart import load_rehearsed
from gateway.rulebook.book import RuleBook
from gateway.rulebook.load import default_root, load
from gateway.settings import IdentitySource, Settings, is_loopback, split_address

UPSTREAM_BUNDLE = "upstream-authorities.pem"


def before_start(settings: Settings) -> None:
    """The data folder can be written, and no listener is open to others without anybody having said so."""
    ensure_folder(settings.data)
    is_login_asked = settings.identity is IdentitySource.BASIC
    for listener in _listeners(settings):
        is_open = not is_loopback(listener.host) and not (is_login_asked and listener.asks)
        if is_open and not settings.open_listener:
            way_out = "" if is_login_asked else "set identity to basic (mode regular only), or "
            raise SettingsError(
                f"the listener {_spelt(listener)} can be reached from other machines and asks nobody who they are; "
                f"{way_out}allow it with open_listener"
            )


def ports(settings: Settings) -> None:
    """Every listener's address is free; asked before the workers load, so that a mistake is told at once."""
    for name, address in (
        *(("proxy", _spelt(listener)) for listener in _listeners(settings) if listener.is_tcp),
        ("portal", settings.portal_listen),
        ("health", settings.health_listen),
    ):
        host, port = split_address(address)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise SettingsError(f"the {name} listener {address} cannot be opened: {error.strerror}") from None


def _listeners(settings: Settings) -> tuple[Listener, ...]:
    return listeners(settings.mode, split_address(settings.listen))


def _spelt(listener: Listener) -> str:
    """The address; with no host it is every interface."""
    host = listener.host or "0.0.0.0"  # noqa: S104 (told and tried, not served)
    return f"[{host}]:{listener.port}" if ":" in host else f"{host}:{listener.port}"


def load_rules(settings: Settings) -> RuleBook:
    """The rulebook. Raises RuleError with every problem, or SettingsError when there is no such folder."""
    for folder in rule_folders(settings):
        if not folder.is_dir():
            raise SettingsError(f"there is no rules folder {folder}")
    return load(settings.rules or default_root(), overlay=settings.rules_overlay)


def load_rehearsed_rules(settings: Settings, models: ModelPaths) -> RuleBook:
    """The rulebook for a reload: as `load_rules`, after every case beside the rules passed in another process."""
    return load_rehearsed(settings.rules or default_root(), overlay=settings.rules_overlay, models=models)


def rule_folders(settings: Settings) -> tuple[Path, ...]:
    """Where rule files are read from."""
    root = settings.rules or default_root()
    return (root, settings.rules_overlay) if settings.rules_overlay else (root,)


def connect_to(settings: Settings, book: RuleBook) -> None:
    """Put the lab addresses into the event loop; a host that is not catalogued is a mistake."""
    table = parse_connect_to(settings.connect_to)
    for host, _ in table:
        if not book.is_intercepted(host):
            raise SettingsError(f"--connect-to {host}: no rule file knows this host")
    loop = asyncio.get_running_loop()
    if isinstance(loop, LabLoop):
        loop.table = dict(table)
    elif table:
        raise SettingsError("--connect-to needs the gateway's own event loop")


def modes(settings: Settings, book: RuleBook) -> None:
    """Every mode exists, and a reverse mode stands for a host the rules know; else nothing would be looked at."""
    for host in reverse_targets(settings.mode):
        if not book.is_intercepted(host):
            raise SettingsError(f"mode reverse:…{host}: no rule file knows this host")


def authority(settings: Settings, book: RuleBook) -> Authority:
    """The certificates, made on the first run."""
    folder = settings.certificate_folder
    if not (folder / certificates.ROOT_CERTIFICATE).exists():
        certificates.create(folder, book.hosts(), organisation=settings.organisation)
    return Authority(folder, leaf_days=settings.leaf_days)


def uncovered_hosts(found: Authority, book: RuleBook) -> tuple[str, ...]:
    """Hosts the rules intercept and the root may not vouch for; browsers get an error there until `ca rotate`."""
    return tuple(host for host in book.hosts() if not found.covers(host.removeprefix("*.")))


def upstream_authorities(settings: Settings) -> Path | None:
    """One file with the public authorities and those of `upstream_ca`; None when there are none besides."""
    extra = settings.upstream_ca
    if extra is None:
        return None
    if not extra.is_file():
        raise SettingsError(f"--upstream-ca {extra} is not a file")
    bundle = settings.data / UPSTREAM_BUNDLE
    bundle.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + extra.read_bytes())
    return bundle


def opt_outs(settings: Settings, book: RuleBook) -> tuple[str, ...]:
    """Everything that makes this gateway less safe than it could be, as fixed words."""
    found = []
    exposed = settings.exposed() or any(not is_loopback(listener.host) for listener in _listeners(settings))
    if exposed and settings.open_listener:
        found.append("open-listener")
    if settings.connect_to:
        found.append("connect-to")
    if settings.upstream_ca:
        found.append("upstream-ca")
    if not settings.second_opinion:
        found.append("no-second-opinion")
    if settings.reload_seconds == 0:
        found.append("no-reload")
    if missing := missing_values(book, settings.tenants):
        found.append(f"no-tenant-headers:{'+'.join(missing)}")
    return tuple(found)
