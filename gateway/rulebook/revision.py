"""The revision of a rulebook: one digest that names the exact policy, in every decision, metric and audit event."""

import hashlib
import json
from collections.abc import Iterable

from gateway.rulebook.documents.common import Document


def revision_of(documents: Iterable[Document], version: str) -> str:
    """SHA-256 (hex) over the canonical form of the documents and the gateway's version.

    Comments, key order, file names and file order do not count; tests do not either, for they decide nothing.
    """
    forms = sorted(
        json.dumps(document.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        for document in documents
    )
    digest = hashlib.sha256(version.encode())
    for form in forms:
        digest.update(b"\0" + form.encode())
    return digest.hexdigest()
