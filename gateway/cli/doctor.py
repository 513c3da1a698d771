"""`doctor`: does the running gateway still do what it promises? Looks from outside, the way a PC and a balancer do."""

import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from gateway.cli.reading import ConfigOption, DataOption, JsonOption, one_line

if TYPE_CHECKING:
    from gateway.rulebook.book import RuleBook
    from gateway.settings import Settings

SECONDS = 10.0
ENDS_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Result:
    """One check: `fail` means the promise is broken, `warn` that somebody should look."""

    check: str
    state: Literal["ok", "warn", "fail"]
    detail: str = ""


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    *,
    config: ConfigOption = None,
    data: DataOption = None,
    listen: str | None = typer.Option(None, help="ADDRESS:PORT of the proxy; else the setting."),
    portal_listen: str | None = typer.Option(None, help="ADDRESS:PORT of the portal; else the setting."),
    health_listen: str | None = typer.Option(None, help="ADDRESS:PORT of metrics and health; else the setting."),
    rules: Path | None = typer.Option(None, help="Folder with the rulebook; else the setting."),
    rules_overlay: Path | None = typer.Option(None, help="Folder with local rules; else the setting."),
    as_json: JsonOption = False,
) -> None:
    """Examine keys, certificates, listeners, rules, models and journal, and plant prompts that must be refused.

    It does not try whether AI services can be reached round the gateway (firewall, UDP 443): do that from a PC.
    Exit codes: 0 all well (warnings included), 1 a promise is broken, 3 settings or rules do not load.
    """
    from gateway.proxy.checks import load_rules
    from gateway.settings import Settings

    with one_line(3):
        settings = Settings.read(
            config, data=data, listen=listen, portal_listen=portal_listen, health_listen=health_listen,
            rules=rules, rules_overlay=rules_overlay,
        )  # fmt: skip
        book = load_rules(settings)
    results = [result for examine in _EXAMINATIONS for result in _safely(examine, settings, book)]
    if as_json:
        print(json.dumps([asdict(result) for result in results]))
    else:
        for result in results:
            print(f"{result.state:<4}  {result.check:<22} {result.detail}".rstrip())
    if any(result.state == "fail" for result in results):
        raise typer.Exit(1)


def _safely(
    examine: "Callable[[Settings, RuleBook], Iterator[Result]]", settings: "Settings", book: "RuleBook"
) -> Iterator[Result]:
    from gateway.errors import GatewayError

    name = examine.__name__.strip("_")
    try:
        yield from examine(settings, book)
    except GatewayError as error:
        yield Result(name, "fail", str(error))
    except (OSError, ValueError) as error:
        yield Result(name, "fail", getattr(error, "strerror", None) or type(error).__name__)


def _certificates(settings: "Settings", book: "RuleBook") -> Iterator[Result]:
    from gateway.proxy.authority import Authority
    from gateway.proxy.checks import uncovered_hosts

    authority = Authority(settings.certificate_folder)
    ends = authority.facts().ends
    soon = ends - datetime.now(UTC) < ENDS_SOON
    yield Result("root certificate", "warn" if soon else "ok", f"ends {ends:%Y-%m-%d}")
    outside = uncovered_hosts(authority, book)
    hint = f"{len(outside)} hosts of the rules are outside it, such as {outside[0]}: ca rotate" if outside else ""
    yield Result("root covers the rules", "warn" if outside else "ok", hint)


def _keys(settings: "Settings", _book: "RuleBook") -> Iterator[Result]:
    from gateway.proxy.files import check_private

    paths = [*settings.key_folder.rglob("*.key"), *settings.key_folder.rglob("*signing*.pem")]
    for path in paths:
        check_private(path)
    yield Result("key files", "ok" if paths else "fail", f"{len(paths)} private" if paths else "there are none")


def _health(settings: "Settings", book: "RuleBook") -> Iterator[Result]:
    base = f"http://{settings.health_listen}"
    ready = _json(f"{base}/readyz")
    problems = ", ".join(f"{name}: {word}" for name, word in ready["problems"].items())
    yield Result("ready", "ok" if ready["ready"] else "fail", problems)
    status = _json(f"{base}/status")
    same = status["revision"] == book.revision
    yield Result("rules in force", "ok" if same else "fail", "" if same else "not those on disk; see rules check")
    for name in status["opt_outs"]:
        yield Result("opted out", "warn", name)
    metrics = _get(f"{base}/metrics").decode()
    for metric, check in (("sentinel_refused", "models find a BSN"), ("journal_writable", "journal writable")):
        yield Result(check, "ok" if f"gateway_{metric} 1.0" in metrics else "fail")


def _portal(settings: "Settings", _book: "RuleBook") -> Iterator[Result]:
    _get(f"http://{settings.portal_listen}/")
    yield Result("portal", "ok", f"http://{settings.portal_listen}/")
    pac = _get(f"http://{settings.listen}/proxy.pac").decode()
    yield Result("PAC file", "ok" if "FindProxyForURL" in pac else "fail", f"http://{settings.listen}/proxy.pac")


def _canaries(settings: "Settings", book: "RuleBook") -> Iterator[Result]:
    """Prompts with a planted BSN, through the proxy port: both must come back as our refusal."""
    from gateway.model.traffic import Standing
    from gateway.proxy.sentinel import SENTINEL_HOST
    from gateway.rulebook.standing import standing_of

    status = _ask_plain(settings, SENTINEL_HOST)
    yield Result("canary refused", "ok" if status == 403 else "fail", f"status {status}")
    today = datetime.now(UTC).date()
    blocked = (
        host
        for tool in book.tools
        if standing_of(tool, today) is not Standing.SCREENED
        for endpoint in tool.endpoints
        for host in endpoint.hosts
        if "*" not in host
    )
    host = next(blocked, "")
    if not host:
        yield Result("canary over TLS", "warn", "every registered tool is screened; nothing to try it on")
        return
    status = _ask_over_tls(settings, host)
    yield Result("canary over TLS", "ok" if status == 403 else "fail", f"{host}: status {status}")


def _journal(settings: "Settings", _book: "RuleBook") -> Iterator[Result]:
    from gateway.audit.query import Filter, events, reading

    if settings.audit_store and not settings.audit_store.startswith("sqlite:"):
        yield Result("journal", "warn", "kept in PostgreSQL; use audit verify")
        return
    with reading(settings.journal_path) as database:
        last = next(iter(events(database, Filter(), 1)), None)
    yield Result("journal", "ok" if last else "fail", f"last row {last['at']}" if last else "empty")


_EXAMINATIONS = (_keys, _certificates, _health, _portal, _canaries, _journal)

_BODY = b'{"messages":[{"role":"user","content":"Het BSN van deze inwoner is 111222333."}]}'


def _request(target: str, host: str) -> bytes:
    head = f"POST {target} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\nconnection: close\r\n"
    return f"{head}content-length: {len(_BODY)}\r\n\r\n".encode() + _BODY


def _ask_plain(settings: "Settings", host: str) -> int:
    with closing(_connect(settings.listen)) as connection:
        connection.sendall(_request(f"http://{host}/v1/chat/completions", host))
        return _status(connection)


def _ask_over_tls(settings: "Settings", host: str) -> int:
    from gateway.proxy.authority import ROOT_CERTIFICATE

    trust = ssl.create_default_context(cafile=settings.certificate_folder / ROOT_CERTIFICATE)
    with closing(_connect(settings.listen)) as connection:
        connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nhost: {host}:443\r\n\r\n".encode())
        if (answer := _status(connection)) != 200:
            return answer
        with trust.wrap_socket(connection, server_hostname=host) as tunnel:
            tunnel.sendall(_request("/", host))
            return _status(tunnel)


def _connect(address: str) -> socket.socket:
    from gateway.settings import split_address

    return socket.create_connection(split_address(address), SECONDS)


def _status(connection: socket.socket) -> int:
    """The status of an HTTP answer; 0 when there is none."""
    words = connection.recv(65536).split(maxsplit=2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


def _get(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 (http to the gateway itself)
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        content = error.read()
    except urllib.error.URLError as error:
        raise ConnectionError(0, f"{url} does not answer ({error.reason})") from None
    return content


def _json(url: str) -> Any:  # noqa: ANN401 (any JSON)
    return json.loads(_get(url))
