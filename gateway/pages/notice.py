"""The notice page: what a person reads instead of a page that was refused."""

from functools import cache

from jinja2 import Template

from gateway.model.notice import Notice
from gateway.pages.layout import environment, security_headers

SECURITY_HEADERS = security_headers()
"""To be sent with every notice page."""

_WORDS = {
    "nl": {"todo": "Wat kunt u nu doen?", "why": "Waarom?", "reference": "Referentienummer", "tool": "Dienst"},
    "en": {"todo": "What can you do now?", "why": "Why?", "reference": "Reference number", "tool": "Service"},
}


def page(notice: Notice) -> str:
    """The whole HTML page. Dutch first; each language is a section of its own, with its own `lang`."""
    return _template().render(notice=notice, words=_WORDS, english=_WORDS["en"])


@cache
def _template() -> Template:
    return environment().get_template("notice.html")
