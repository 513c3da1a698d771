"""Joins the portal to a running gateway, which may not import it itself."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from gateway.proxy.program import Program

_HERE = ZoneInfo("Europe/Amsterdam")


def portal(program: "Program") -> "Starlette":
    """The portal of this gateway; every fact is asked for when a page is shown."""
    from gateway.portal.app import Facts, create

    def fingerprint() -> str:
        text = program.authority.facts().fingerprint.upper()
        return ":".join(text[place : place + 2] for place in range(0, len(text), 2))

    return create(
        Facts(
            settings=program.settings,
            book=lambda: program.book,
            problems=program.readiness.problems,
            pac=program.pac,
            proxy=lambda: program.settings.proxy_address,
            certificate=program.authority.root_file,
            fingerprint=fingerprint,
            today=lambda: datetime.now(_HERE).date(),
        )
    )
