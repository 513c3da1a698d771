"""Writes the format table of the handbook from what the readers really do with the corpus.

`python -m tests.documents.formats` renews `deploy/handbook/formats.md`; a test keeps the page equal.
"""

from collections import defaultdict
from pathlib import Path

from gateway.documents.content import Content
from gateway.documents.extract import extract
from gateway.documents.kinds import FileKind, kind_of
from gateway.documents.replace import REPLACEABLE
from gateway.documents.text_version import TEXT_VERSIONS
from tests.documents.corpus import CASES

PAGE = Path(__file__).parents[2] / "deploy" / "handbook" / "formats.md"
_HEAD = """# Which files are read, and what is done with them

Written from the results of the file corpus by `python -m tests.documents.formats`; a test keeps this page equal.

Files are typed by their content, never by their name. A place that was not read makes the file *incomplete*: a gap,
which the rulebook answers (by default: refuse, with a message that says what to do).

- **Read and found**: a value planted there was found, and the file was complete.
- **Not complete**: the value was not found, and the file says so.
- **Rewritten**: the same file can go on with the findings replaced; *by rule*: a new file of the same kind with
  only its redacted text (`files.text_version` in `rulebook.yaml`); other kinds are allowed or refused as they are.

| Format | Read and found | Not complete | Rewritten |
|---|---|---|---|
"""
_TAIL = """
Sound and film, Word and PowerPoint of before 1997, encrypted files, macros, damaged files, pictures in which no word
can be read, bytes outside the members of an archive or behind the end of a picture, and anything unknown are gaps.
What helps: save as `.docx`, `.xlsx` or `.pptx`, or as a PDF with text. Scans and pictures need Tesseract with Dutch
(`tesseract-ocr-nld`); without it they are gaps too.
"""


def page() -> str:
    """The page as it should be; needs Tesseract."""
    found: dict[str, list[str]] = defaultdict(list)
    incomplete: dict[str, list[str]] = defaultdict(list)
    rewritten: dict[str, str] = {}
    for case in CASES:
        into = Content()
        content = case.make()
        extract(content, into)
        text = "\n".join(segment.text for segment in into.segments)
        complete = not into.gaps and all(value in text for value in case.values)
        (found if complete else incomplete)[case.family].append(case.place)
        kind = kind_of(content)
        rewritten[case.family] = "yes" if kind in REPLACEABLE else "by rule" if kind in TEXT_VERSIONS else "no"
    rows = [
        f"| {family} | {'; '.join(found[family])} | {'; '.join(incomplete[family])} | {how} |"
        for family, how in rewritten.items()
    ]
    return _HEAD + "\n".join(rows) + "\n" + _TAIL


def untested() -> set[FileKind]:
    """Kinds that have no file in the corpus."""
    return set(FileKind) - {kind_of(case.make()) for case in CASES}


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
