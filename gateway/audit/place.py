"""From deployment settings to the journal: where it is, its keys, its options, its terms."""

from dataclasses import dataclass
from pathlib import Path

from gateway.audit.journal import Journal, JournalOptions
from gateway.audit.keys import PUBLIC_KEY, JournalKeys, Verifier
from gateway.audit.retention import Terms
from gateway.errors import SettingsError
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Everything about the journal that the settings say. Reading it touches no file."""

    path: Path
    key_folder: Path
    fingerprint_folder: Path | None
    options: JournalOptions
    is_second_place_apart: bool
    terms: Terms

    @classmethod
    def of(cls, settings: Settings) -> "Place":
        """Raises `SettingsError` for a store there is no code for."""
        scheme, separator, _ = settings.audit_store.partition(":")
        if separator and scheme != "sqlite":
            raise SettingsError(f"setting audit_store: {scheme} is not supported, only sqlite:PATH")
        return cls(
            path=settings.journal_path,
            key_folder=settings.key_folder,
            fingerprint_folder=settings.fingerprint_keys,
            options=JournalOptions(
                gateway=settings.gateway_name,
                second_place=settings.checkpoint_copies or settings.journal_path.with_name("checkpoints"),
            ),
            is_second_place_apart=settings.checkpoint_copies is not None,
            terms=Terms(exchange_days=settings.retention_days),
        )

    def keys(self) -> JournalKeys:
        """The keys, made when missing. Raises `SettingsError`."""
        return JournalKeys.open(self.key_folder, fingerprints=self.fingerprint_folder)

    def verifier(self) -> Verifier:
        """The public key alone, for who may not read the private ones. Raises `SettingsError`."""
        return Verifier.read(self.key_folder / PUBLIC_KEY)

    def open(self, keys: JournalKeys) -> Journal:
        """Open the journal for writing. Raises `JournalError`."""
        return Journal.open(self.path, keys, self.options)

    @property
    def approvers(self) -> Path:
        """Where the public keys of those who may approve an unmasking are kept."""
        return self.key_folder / "approvers"
