"""`unmask`: trace a pseudonym back to a person; it takes two approvers, a purpose and a case, and leaves an event."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.reading import ConfigOption, DataOption, one_line

if TYPE_CHECKING:
    from gateway.audit.unmask import UnmaskRequest

unmask = typer.Typer(no_args_is_help=True, help="Trace a pseudonym to a person: two people, a purpose, an event.")

PseudonymOption = Annotated[str, typer.Option(help="The pseudonym, p-….")]
MonthOption = Annotated[str, typer.Option(help="Month it was used, YYYY-MM.")]
CaseOption = Annotated[str, typer.Option(help="Case number.")]
PurposeOption = Annotated[
    str, typer.Option(help="data-breach, data-subject-request, security-incident or legal-obligation.")
]


def register(app: typer.Typer) -> None:
    app.add_typer(unmask, name="unmask")


@unmask.command()
def enrol(
    name: Annotated[str, typer.Argument(help="Role of the approver, such as ciso or fg.")],
    key: Annotated[Path, typer.Option(help="Where the approver keeps the private key; made when missing.")],
) -> None:
    """Make an approver's key, on that person's own account, and print the public half for the administrator.

    The administrator puts it in KEYS/approvers/NAME.pem. Exit codes: 0 done, 1 the key cannot be made.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from gateway.audit.keys import signing_key

    with one_line(1):
        public = signing_key(key).public_key()
    print(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), end="")
    typer.echo(f"save this as approvers/{name}.pem in the folder of keys", err=True)


@unmask.command()
def approve(
    *,
    name: Annotated[str, typer.Argument(help="Role of the approver, as enrolled.")],
    key: Annotated[Path, typer.Option(help="The approver's private key.")],
    pseudonym: PseudonymOption,
    month: MonthOption,
    case: CaseOption,
    purpose: PurposeOption,
) -> None:
    """Approve one request and print the approval, valid for a day. Exit codes: 0 done, 1 the key cannot be read."""
    from gateway.audit.keys import signing_key
    from gateway.audit.unmask import approve as sign

    with one_line(1):
        print(sign(_request(pseudonym, month, case, purpose), name, signing_key(key), time.time()))


@unmask.command()
def reveal(
    *,
    pseudonym: PseudonymOption,
    month: MonthOption,
    case: CaseOption,
    purpose: PurposeOption,
    approval: Annotated[list[Path], typer.Option(exists=True, dir_okay=False, help="File with an approval; give two.")],
    staff: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Identities, one per line, as the gateway learns them.")
    ],
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Print whose pseudonym it is, after two approvals; the event is written first.

    Exit codes: 0 found, 3 nobody on the list, 1 refused or not readable (a refusal leaves an event too).
    """
    from gateway.audit.actions import acting
    from gateway.audit.place import Place
    from gateway.audit.unmask import UnmaskRefusedError, check, read_approvers
    from gateway.audit.unmask import unmask as trace
    from gateway.settings import Settings

    request = _request(pseudonym, month, case, purpose)
    with one_line(1):
        place = Place.of(Settings.read(config, data=data))
        keys = place.keys()
        texts = [path.read_text(encoding="utf-8") for path in approval]
        people = staff.read_text(encoding="utf-8").split("\n")
        with acting(place.path, keys, place.options) as actions:
            try:
                approved = check(request, texts, read_approvers(place.approvers), time.time())
            except UnmaskRefusedError as error:
                actions.record("PG4004W", case=case, reason=error.reason)
                raise
            person = trace(approved, [name.strip() for name in people if name.strip()], keys)
            actions.record(
                "PG4003W",
                case=case,
                purpose=request.purpose.value,
                pseudonym=pseudonym,
                approvers=",".join(approved.approvers),
                found="yes" if person else "no",
            )
    if person:
        print(person)
    else:
        print("nobody on the list bears this pseudonym in that month", file=sys.stderr)
    raise typer.Exit(0 if person else 3)


def _request(pseudonym: str, month: str, case: str, purpose: str) -> "UnmaskRequest":
    from gateway.audit.lookup import Purpose
    from gateway.audit.unmask import UnmaskRequest

    if purpose not in set(Purpose):
        raise typer.BadParameter(f"one of {', '.join(Purpose)}", param_hint="--purpose")
    return UnmaskRequest(pseudonym, month, case, Purpose(purpose))
