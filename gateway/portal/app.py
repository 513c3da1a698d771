"""The portal: pages for staff in Dutch and English, the PAC file and the CA certificate. No scripts, no state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from gateway.pages.layout import environment, security_headers
from gateway.portal import views
from gateway.portal.words import OTHER_PROBLEM, PROBLEMS
from gateway.rulebook.book import RuleBook
from gateway.settings import Settings

PAGES = ("home", "setup", "tools", "rules", "notices", "screening", "privacy")
"""Pages by their name in addresses, in the order of the menu; `home` is the address of the language itself."""

LANGUAGES = ("nl", "en")
_PAC_TYPE = "application/x-ns-proxy-autoconfig"
_CA_TYPE = "application/x-x509-ca-cert"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the portal may ask of the gateway it belongs to, always as it is now.

    `certificate` is the CA's certificate in PEM form (never its key); `fingerprint` is its SHA-256 to compare by eye.
    `problems` are readiness checks that do not hold. `proxy` is the host and port that PCs use.
    """

    settings: Settings
    book: Callable[[], RuleBook]
    problems: Callable[[], Mapping[str, str]]
    pac: Callable[[], str]
    proxy: Callable[[], tuple[str, int]]
    certificate: Path
    fingerprint: Callable[[], str]
    today: Callable[[], date]


def create(facts: Facts) -> Starlette:
    """The application. Dutch pages stand under `/`, English ones under `/en/`; a switch links each to the other."""
    routes = [
        Route("/proxy.pac", partial(_pac, facts), methods=["GET"]),
        Route("/ca.crt", partial(_certificate, facts), methods=["GET"]),
        Route("/healthz", _alive, methods=["GET"]),
    ]
    jinja = environment(PackageLoader("gateway.portal", "templates"))
    for language in LANGUAGES:
        for name in PAGES:
            routes.append(Route(address(name, language), partial(_page, facts, jinja, name, language), methods=["GET"]))
    return Starlette(
        routes=routes,
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=_secure)],
        exception_handlers={404: partial(_missing, facts, jinja)},
    )


def address(name: str, language: str) -> str:
    """Where a page stands."""
    prefix = "/en" if language == "en" else ""
    return f"{prefix}/" if name == "home" else f"{prefix}/{name}"


async def _page(facts: Facts, jinja: Environment, name: str, language: str, request: Request) -> Response:
    return HTMLResponse(_render(facts, jinja, name, language, _base(request)))


async def _missing(facts: Facts, jinja: Environment, request: Request, _error: Exception) -> Response:
    language = "en" if request.url.path.startswith("/en/") else "nl"
    return HTMLResponse(_render(facts, jinja, "missing", language, _base(request)), status_code=404)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _render(facts: Facts, jinja: Environment, name: str, language: str, base: str) -> str:
    book = facts.book()
    host, port = facts.proxy()
    return jinja.get_template(f"{name}.html").render(
        name=name,
        lang=language,
        t=lambda nl, en: en if language == "en" else nl,
        at=partial(address, language=language),
        other=address(name if name in PAGES else "home", "nl" if language == "en" else "en"),
        pages=PAGES,
        organisation=book.house.name,
        contacts=book.house.contacts,
        links=[(views.in_language(link.label, language), link.url) for link in book.house.links],
        revision=book.revision,
        problems=[PROBLEMS.get(check, OTHER_PROBLEM).in_(language) for check in facts.problems()],
        tools=views.tools(book, facts.today(), language),
        rules=views.rules(book, language),
        notices=views.notices(book, language, "ChatGPT"),
        retention_days=facts.settings.retention_days,
        pac_address=f"{base}/proxy.pac",
        ca_address=f"{base}/ca.crt",
        fingerprint=facts.fingerprint(),
        proxy=f"{host}:{port}",
    )


async def _pac(facts: Facts, _request: Request) -> Response:
    return Response(facts.pac(), media_type=_PAC_TYPE, headers={"cache-control": "max-age=300"})


async def _certificate(facts: Facts, _request: Request) -> Response:
    content = facts.certificate.read_bytes()
    headers = {"content-disposition": 'attachment; filename="ai-poort-ca.crt"'}
    return Response(content, media_type=_CA_TYPE, headers=headers)


async def _alive(_request: Request) -> Response:
    return Response("alive\n", media_type="text/plain")


async def _secure(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Every answer carries the headers of the shared layout: nothing is loaded, framed, sniffed or leaked."""
    response = await call_next(request)
    for name, value in security_headers().items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("x-content-type-options", "nosniff")
    response.headers.setdefault("cross-origin-opener-policy", "same-origin")
    response.headers.setdefault("cache-control", "no-store")
    return response
