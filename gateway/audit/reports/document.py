"""A report as sections of text and tables, and its Markdown form."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, then a table when there are `columns`."""

    heading: str
    text: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A report that can be printed, mailed or pasted."""

    title: str
    sections: tuple[Section, ...]

    def markdown(self) -> str:
        """The report as Markdown."""
        lines = [f"# {self.title}", ""]
        for section in self.sections:
            lines += [f"## {section.heading}", ""]
            for paragraph in section.text:
                lines += [paragraph, ""]
            if section.columns:
                lines.append(_line(section.columns))
                lines.append("|" + "---|" * len(section.columns))
                lines += [_line(row) for row in section.rows] or [_line(("–",) * len(section.columns))]
                lines.append("")
        return "\n".join(lines)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text written over several lines: blank lines part them, single line ends are spaces."""
    return tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def moment(at: float) -> str:
    """A time as people in the town hall read it: `21 september 2026, 16:13`."""
    local = datetime.fromtimestamp(at, AMSTERDAM)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def day(at: float) -> str:
    """The date alone."""
    return moment(at).partition(",")[0]


def table_of(counts: dict[str, int]) -> tuple[tuple[str, ...], ...]:
    """Rows of a two-column table, the most first."""
    return tuple((name, str(count)) for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
