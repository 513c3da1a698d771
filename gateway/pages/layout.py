"""The one layout of all pages: its templates, its style sheet, and the headers a page is served with.

No scripts, no fonts, no images from elsewhere: a page shows the same on a locked-down PC without network.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_SAFE_SCHEMES = ("https://", "http://", "mailto:", "tel:", "/")


@cache
def style() -> str:
    """The style sheet, written into every page."""
    return (files("gateway.pages") / "templates" / "style.css").read_text(encoding="utf-8")


def environment(*loaders: BaseLoader) -> Environment:
    """A Jinja environment in which `layout.html` can be extended; `loaders` add templates of another room.

    Everything is escaped by default and a missing variable is an error. The filter `link` drops unsafe addresses.
    """
    made = Environment(
        loader=ChoiceLoader([*loaders, PackageLoader("gateway.pages", "templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["style"] = Markup(style())  # noqa: S704 - our own file
    made.filters["link"] = safe_link
    return made


def safe_link(address: str) -> str:
    """The address when its scheme is one a notice may link to, else "#"."""
    return address if address.lower().startswith(_SAFE_SCHEMES) else "#"


@cache
def security_headers(*, forms: bool = False) -> dict[str, str]:
    """Headers for a page of this layout: only our own style, nothing loaded, no frames; `forms` allows posting home."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    policy = {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'self'" if forms else "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
    }
