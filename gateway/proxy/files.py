"""Private files: written whole and readable by their owner only, and refused when somebody else can read them."""

import os
import stat
from pathlib import Path

from gateway.errors import SettingsError


def ensure_folder(path: Path) -> Path:
    """Make `path` a folder this process can write (0700 when it is new). Raises SettingsError."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"folder {path} cannot be made: {error.strerror}") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingsError(f"folder {path} is not writable for user {os.geteuid()}")
    return path


def write_private(path: Path, content: bytes) -> None:
    """Write or replace `path` at once, mode 0600, durable before it appears under its name."""
    draft = path.with_name(f".{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, 0o600)
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
    draft.replace(path)


def check_private(path: Path) -> None:
    """Raises SettingsError when group or others may read the file `path` (the engine itself never checks)."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SettingsError(f"key file {path} is readable by others (mode {mode:04o}); run: chmod 600 {path}")
