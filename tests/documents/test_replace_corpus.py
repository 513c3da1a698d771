"""Every file of the corpus that can be rewritten: no byte of any part holds a value, or the file is refused whole."""

import io
import zipfile

import pytest

from gateway.documents.kinds import kind_of
from gateway.documents.replace import REPLACEABLE, replace_values
from gateway.errors import DocumentError
from tests.documents.corpus import CASES, Case

WRITTEN = [case for case in CASES if case.values and not case.needs_ocr]
REFUSED_AT_MOST = 20
"""Values in base64, in quoted-printable, over tags of a page, in names of parts: refused, never half cleaned."""


def every_byte(content: bytes) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        inside = [name.encode() + b"\n" + every_byte(package.read(name)) for name in package.namelist()]
    return b"\n".join([content, *inside])


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: case.id)
def test_no_byte_is_left_or_it_is_refused(case: Case) -> None:
    content = case.make()
    if kind_of(content) not in REPLACEABLE:
        return
    try:
        changed = every_byte(replace_values(content, [(value, "[PERSOON-1]") for value in case.values]))
    except DocumentError:
        return
    for value in case.values:
        assert value.encode() not in changed
        assert value.encode("utf-16-le") not in changed


def test_few_are_refused() -> None:
    refused = 0
    for case in WRITTEN:
        content = case.make()
        if kind_of(content) in REPLACEABLE:
            try:
                replace_values(content, [(value, "[PERSOON-1]") for value in case.values])
            except DocumentError:
                refused += 1
    assert refused <= REFUSED_AT_MOST


def test_a_json_string_keeps_its_habits() -> None:
    content = b'{"a": 1.0e5, "naam": "Zo\\u00eb en \\u00e9\\u00e9n \\/ x", "b": "\\n"}'
    changed = replace_values(content, [("Zoë", "[PERSOON-1]")])
    assert changed == b'{"a": 1.0e5, "naam": "[PERSOON-1] en \\u00e9\\u00e9n \\/ x", "b": "\\n"}'
