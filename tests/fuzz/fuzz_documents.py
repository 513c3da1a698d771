"""Fuzzing the readers of files: any bytes, no exception but `UnreadError`, within bounds.

    python tests/fuzz/fuzz_documents.py TARGET [libFuzzer options, for example -max_total_time=180]

Targets are the names of `TARGETS`; the files of the corpus are the seeds. A finding is written to `crash-…` in the
working folder. Letters are not recognised in pictures here: Tesseract is a program of its own, with a time limit.
"""

import logging
import sys
import tempfile
import warnings
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gateway.documents"]):
    from gateway.documents import picture
    from gateway.documents.content import Content, Limits, UnreadError
    from gateway.documents.extract import READERS, extract, reader_of
    from gateway.documents.kinds import FileKind
    from gateway.documents.replace import replace_values
    from gateway.errors import DocumentError

    for where in READERS.values():
        import_module(f"gateway.documents.{where.split('.')[0]}")

from tests.documents.corpus import CASES

LIMITS = Limits(depth=4, members=300, unpacked_bytes=20_000_000, characters=4_000_000, pages=20, pixels=4_000_000)
_UNREAD = (FileKind.EMPTY, FileKind.BINARY, FileKind.SOUND_OR_FILM)
REWRITE = "rewrite"
TARGETS = (*sorted(kind.value for kind in READERS if kind not in _UNREAD), REWRITE)
_FAMILIES = {"text": ("text", "csv"), REWRITE: ("docx", "xlsx", "odt", "json", "html", "xml")}


def read(kind: FileKind, content: bytes) -> None:
    """The reader of `kind` on bytes that may be anything: every kind keeps its word."""
    into = Content(LIMITS)
    try:
        reader_of(kind)(content, into, lambda inside, deeper: None)
    except UnreadError:
        return


def rewrite(content: bytes) -> None:
    """Rewriting any bytes: a changed file that is read again without the value, or `DocumentError`."""
    try:
        changed = replace_values(content, [("Wobbe", "[PERSOON-1]")])
    except (DocumentError, UnreadError):
        return
    into = Content(LIMITS)
    extract(changed, into)
    assert not any("Wobbe" in segment.text for segment in into.segments)


def seeds(target: str, folder: Path) -> None:
    families = _FAMILIES.get(target, (target,))
    for number, case in enumerate(case for case in CASES if case.family in families):
        (folder / str(number)).write_bytes(case.make())


def main() -> None:
    """Runs one target until libFuzzer stops."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"target: one of {', '.join(TARGETS)}")
    target = sys.argv.pop(1)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    picture._words = lambda image, seconds: picture._Words("woord", 90.0)

    def once(content: bytes) -> None:
        try:
            rewrite(content) if target == REWRITE else read(FileKind(target), content)
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # of a parser in Rust: it costs its process, and is a gap
                raise

    with tempfile.TemporaryDirectory() as folder:
        seeds(target, Path(folder))
        atheris.Setup([*sys.argv, folder], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
