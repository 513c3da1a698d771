"""`ca`: make, renew and show the certificate authority; meant to run apart from the gateway."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.reading import ConfigOption, DataOption, JsonOption, one_line

if TYPE_CHECKING:
    from gateway.rulebook.book import RuleBook
    from gateway.settings import Settings

ca = typer.Typer(no_args_is_help=True, help="Make, renew and show the certificate authority.")

RulesOption = Annotated[Path | None, typer.Option(help="Folder with the rulebook; default: the shipped rules.")]
OverlayOption = Annotated[Path | None, typer.Option(help="Folder with local rules on top.")]
LeavesOption = Annotated[
    bool, typer.Option(help="Also write a certificate for every host, for gateways without the key.")
]


def register(app: typer.Typer) -> None:
    app.add_typer(ca, name="ca")


@ca.command()
def create(
    *,
    config: ConfigOption = None,
    data: DataOption = None,
    rules: RulesOption = None,
    rules_overlay: OverlayOption = None,
    leaves: LeavesOption = False,
) -> None:
    """Make a root certificate that can vouch for the AI hosts of the rulebook and for nothing else.

    Exit codes: 0 made, 3 it is there already or cannot be written, 4 the rules do not load.
    """
    from gateway.proxy import authority

    settings, book = _open(config, data, rules, rules_overlay)
    with one_line(3):
        authority.create(settings.certificate_folder, book.hosts(), organisation=settings.organisation)
        _record(settings, "PG2030I")
        _tell(settings, book, leaves=leaves)


@ca.command()
def rotate(
    *,
    config: ConfigOption = None,
    data: DataOption = None,
    rules: RulesOption = None,
    rules_overlay: OverlayOption = None,
    leaves: LeavesOption = False,
    leaves_only: Annotated[bool, typer.Option(help="Keep the root; only write fresh certificates.")] = False,
) -> None:
    """Replace the root (PCs must be given the new one), or with --leaves-only renew what the gateway shows.

    A running gateway takes over fresh certificates by itself; a new root at its next start.
    Exit codes: 0 done, 3 no key here or not writable, 4 the rules do not load.
    """
    from gateway.proxy import authority

    settings, book = _open(config, data, rules, rules_overlay)
    with one_line(3):
        if not leaves_only:
            authority.rotate(settings.certificate_folder, book.hosts(), organisation=settings.organisation)
            _record(settings, "PG2031W")
        _tell(settings, book, leaves=leaves or leaves_only)


@ca.command()
def show(
    *,
    config: ConfigOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the root's name, fingerprint, end date and the hosts it may vouch for.

    Exit codes: 0 printed, 3 there is none, or a key file is readable by others.
    """
    from gateway.proxy.authority import Authority
    from gateway.settings import Settings

    with one_line(3):
        facts = Authority(Settings.read(config, data=data).certificate_folder).facts()
        if as_json:
            fields = {"subject": facts.subject, "fingerprint": facts.fingerprint, "ends": facts.ends.isoformat()}
            print(json.dumps(fields | {"has_key": facts.has_key, "permitted": facts.permitted}))
            return
        print(f"{facts.subject}\nSHA-256 {facts.fingerprint}\nends {facts.ends:%Y-%m-%d}")
        place = "here" if facts.has_key else "elsewhere"
        print(f"key {place}; may vouch for {len(facts.permitted)} names and those under them")


def _open(
    config: Path | None, data: Path | None, rules: Path | None, overlay: Path | None
) -> "tuple[Settings, RuleBook]":
    from gateway.proxy.checks import load_rules
    from gateway.settings import Settings

    with one_line(3):
        settings = Settings.read(config, data=data, rules=rules, rules_overlay=overlay)
    with one_line(4):
        return settings, load_rules(settings)


def _record(settings: "Settings", code: str) -> None:
    """Leave an event in the journal of actions: a new root is nothing to make unseen."""
    from gateway.audit.actions import acting
    from gateway.audit.place import Place
    from gateway.proxy.authority import Authority

    place = Place.of(settings)
    ends = Authority(settings.certificate_folder).facts().ends
    with acting(place.path, place.keys(), place.options) as actions:
        actions.record(code, certificate="root", ends=f"{ends:%Y-%m-%d}")


def _tell(settings: "Settings", book: "RuleBook", *, leaves: bool) -> None:
    from gateway.proxy.authority import Authority

    opened = Authority(settings.certificate_folder, leaf_days=settings.leaf_days)
    if leaves:
        print(f"{opened.mint_all(book.hosts())} certificates written, good for {settings.leaf_days} days")
    print(f"root {opened.root_file}, SHA-256 {opened.facts().fingerprint}")
