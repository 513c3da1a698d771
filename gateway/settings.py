"""Deployment settings: ports, folders, keys, stores and limits. Never policy: that stands in `rules/`.

Sources, strongest first: arguments of the command line, environment variables `PROMPT_GATEWAY_<FIELD>`, a TOML
file (`--config`, else `PROMPT_GATEWAY_CONFIG`, else `prompt-gateway.toml` in the current folder), the defaults.
Nothing needs to be set for a first run. `deploy/handbook/settings.md` lists every field; a test keeps it equal.
"""

import os
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from gateway.errors import SettingsError

PREFIX = "PROMPT_GATEWAY_"
DEFAULT_FILE = "prompt-gateway.toml"
MEGABYTE = 1_000_000


def default_data_folder() -> Path:
    """`$XDG_DATA_HOME/prompt-gateway` where the variable is set, else `data` in the current folder."""
    home = os.environ.get("XDG_DATA_HOME")
    return Path(home) / "prompt-gateway" if home else Path("data")


class IdentitySource(StrEnum):
    """How the gateway learns who is asking."""

    NONE = "none"
    ADDRESSES = "addresses"
    HEADER = "header"
    BASIC = "basic"


Strings = Annotated[tuple[str, ...], NoDecode]
"""A list; in an environment variable the items are separated by commas."""


class Settings(BaseSettings):
    """One immutable set of deployment settings. `Settings.read` turns every mistake into a one-line SettingsError."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", str_strip_whitespace=True, env_nested_delimiter="__"
    )
    toml_path: ClassVar[Path | None] = None

    data: Path = Field(
        default_factory=default_data_folder,
        description="Folder for everything the gateway writes: certificates, keys, journal. Must be writable.",
    )
    rules: Path | None = Field(None, description="Folder with the rulebook; empty: the rules shipped with the product.")
    rules_overlay: Path | None = Field(None, description="Folder with local rules laid over the rulebook.")

    mode: Strings = Field(
        ("regular",),
        description="Proxy modes: `regular` (CONNECT and PAC) and `reverse:https://HOST[:PORT][@ADDRESS:PORT]`; "
        "`transparent` and `wireguard` are passed to the engine and not part of our tests.",
    )
    listen: str = Field("127.0.0.1:8080", description="ADDRESS:PORT of the proxy itself.")
    portal_listen: str = Field("127.0.0.1:8081", description="ADDRESS:PORT of the portal.")
    health_listen: str = Field("127.0.0.1:8082", description="ADDRESS:PORT of /metrics, /healthz, /readyz, /status.")
    public_host: str = Field(
        "", description="Name or address by which PCs reach the gateway (in the PAC file); empty: the listen address."
    )
    open_listener: bool = Field(
        False,
        description="Allow a listener on another interface than loopback without authentication, also one of `mode`. "
        "Shouted at. `basic` asks in mode `regular` only.",
    )
    tls_names: Strings = Field(
        (), description="Names of the gateway itself, for browsers that speak TLS to the proxy (HTTPS in the PAC file)."
    )

    connect_to: Strings = Field(
        (), description="HOST:PORT:ADDR:PORT as curl's --connect-to: sends traffic for HOST to ADDR. Labs and tests."
    )
    upstream_ca: Path | None = Field(
        None, description="PEM file with authorities to trust upstream besides the system's."
    )

    identity: IdentitySource = Field(
        IdentitySource.NONE,
        description="Who is asking: `none` (pseudonym of the client address), `addresses` (table in identity_file), "
        "`header` (set by a trusted front), `basic` (proxy authentication against identity_file).",
    )
    identity_file: Path | None = Field(
        None, description="TOML table for `addresses` or `basic`: person, department, roles, password hash."
    )
    identity_header: str = Field("x-authenticated-user", description="Header read with `header`; always stripped.")
    identity_fronts: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (),
        description="Networks of the fronts whose identity header is believed; "
        "a request of theirs without one is refused.",
    )

    leaf_days: int = Field(30, ge=1, le=30, description="Life of the certificates the gateway shows to browsers.")

    max_body_mb: int = Field(25, ge=1, description="Largest request body accepted; above it the answer is 413.")
    body_budget_mb: int = Field(
        256,
        ge=1,
        description="Bodies held at the same time by this process; above it requests are refused as busy. "
        "One person can hold half of it.",
    )
    max_joined_mb: int = Field(
        60, ge=1, description="Largest file that is put together from pieces; it goes on in one request."
    )
    piece_seconds: float = Field(
        300.0, gt=0, description="Time until the next piece of a file; after it the pieces are forgotten."
    )
    max_files: int = Field(20, ge=1, description="Most files in one request.")
    max_header_kb: int = Field(64, ge=4, description="Largest total of the headers of one request.")
    max_message_mb: int = Field(8, ge=1, description="Largest WebSocket message accepted.")
    max_buffered_mb: int = Field(
        16, ge=1, description="Bytes of one answer that may wait for a slow reader before the answer is cut off."
    )
    max_connections: int = Field(2000, ge=1, description="Client connections of this process at the same time.")

    workers: int = Field(2, ge=1, le=64, description="Detection worker processes.")
    worker_queue: int = Field(64, ge=1, description="Inspections that may wait; above it requests are refused as busy.")
    inspection_seconds: float = Field(10.0, gt=0, description="Time for one inspection by the workers.")
    verdict_seconds: float = Field(
        30.0, gt=0, description="Time from the whole request to the verdict, files included."
    )
    language_model: Path | None = Field(None, description="Folder of a spaCy pipeline instead of the shipped one.")
    second_opinion: bool = Field(True, description="Use the second name model where it is present.")

    audit_store: str = Field("", description="`sqlite:PATH`; empty: journal.sqlite in the data folder.")
    gateway_name: str = Field("gateway", description="Name of this process in journal rows, when several run.")
    checkpoint_copies: Path | None = Field(
        None,
        description="Second place for signed checkpoints, best a mount this machine cannot rewrite; "
        "empty: near the journal.",
    )
    fingerprint_keys: Path | None = Field(
        None, description="Folder of the fingerprint keys, apart from the other keys; empty: below `keys`."
    )
    departments: Path | None = Field(
        None, description="CSV `department,people`, so that reports roll up departments of fewer than ten people."
    )
    retention_days: int = Field(365, ge=1, description="Days after which whole journal segments are removed.")
    keys: Path | None = Field(
        None, description="Folder of the pseudonym, fingerprint and checkpoint keys; empty: keys in the data folder."
    )
    vault_store: str = Field("", description="valkey:// URL when several gateways share the work; empty: in memory.")
    vault_minutes: int = Field(480, ge=1, description="Time a placeholder's value is kept after its last use.")

    organisation: str = Field("Gemeente Voorbeeld", description="Name on pages and notices.")
    help_contact: str = Field("", description="E-mail address or telephone number on pages and notices.")
    tenants: dict[str, str] = Field(
        default_factory=dict,
        description="Values of the providers' tenant headers, by the name a tool file asks for. "
        "As variable: PROMPT_GATEWAY_TENANTS__NAME.",
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="`auto`: for people on a terminal, JSON lines elsewhere."
    )
    reload_seconds: float = Field(
        2.0, ge=0, description="How often the rules are looked at for changes; 0 switches it off."
    )
    sentinel_seconds: float = Field(60.0, gt=0, description="How often a request that must be refused is sent.")
    drain_seconds: float = Field(30.0, ge=0, description="Time running requests get to finish when stopping.")

    @field_validator("mode", "tls_names", "connect_to", "identity_fronts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:  # noqa: ANN401 (what a settings source holds is anything)
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("listen", "portal_listen", "health_listen")
    @classmethod
    def _is_address(cls, value: str) -> str:
        split_address(value)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the signature is pydantic's)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        if cls.toml_path is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=cls.toml_path)

    @classmethod
    def read(cls, config: Path | None = None, **arguments: object) -> "Settings":
        """The settings in force. Arguments that are None or empty tuples count as not given. Raises SettingsError."""
        path = config or _named_file()
        if path is not None and not path.is_file():
            raise SettingsError(f"settings file {path} does not exist")
        given = {name: value for name, value in arguments.items() if value is not None and value != ()}
        source: type[Settings] = type("Settings", (cls,), {"toml_path": path, "__module__": cls.__module__})
        try:
            return source(**given)  # type: ignore[arg-type]
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            name = ".".join(str(part) for part in first["loc"]) or "settings"
            where = f" (in {path} or {PREFIX}{name.upper()})" if path else f" ({PREFIX}{name.upper()})"
            raise SettingsError(f"setting {name}: {first['msg']}{where}") from None
        except ValueError as error:
            raise SettingsError(f"settings file {path}: {error}") from None

    @property
    def key_folder(self) -> Path:
        return self.keys or self.data / "keys"

    @property
    def certificate_folder(self) -> Path:
        return self.data / "ca"

    @property
    def registered_documents(self) -> Path:
        return self.data / "documents"

    @property
    def journal_path(self) -> Path:
        """Where the SQLite journal is."""
        return Path(self.audit_store.removeprefix("sqlite:")) if self.audit_store else self.data / "journal.sqlite"

    @property
    def proxy_address(self) -> tuple[str, int]:
        """Host and port PCs use for the proxy."""
        host, port = split_address(self.listen)
        return self.public_host or host, port

    def exposed(self) -> tuple[str, ...]:
        """The listeners that can be reached from other machines, as `name ADDRESS:PORT`."""
        listeners = (("proxy", self.listen), ("portal", self.portal_listen), ("health", self.health_listen))
        return tuple(f"{name} {address}" for name, address in listeners if not is_loopback(split_address(address)[0]))


def _named_file() -> Path | None:
    if named := os.environ.get(f"{PREFIX}CONFIG"):
        return Path(named)
    default = Path(DEFAULT_FILE)
    return default if default.is_file() else None


def split_address(value: str) -> tuple[str, int]:
    """`127.0.0.1:8080` or `[::1]:8080` as host and port. Raises ValueError."""
    host, separator, port = value.rpartition(":")
    if not separator or not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError(f"{value!r} is not ADDRESS:PORT")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Whether a listen address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
