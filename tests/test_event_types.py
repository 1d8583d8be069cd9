"""The page on event types and the vocabulary say the same."""

import re
from pathlib import Path

from app.domain.events import EventType

PAGE = (Path(__file__).parents[1] / "docs" / "event-types.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_page_explains_every_event_type_once_in_their_order_and_no_other() -> None:
    assert [word.strip("`") for word, _ in rows("The words")] == list(EventType)


def test_the_crosswalks_lead_to_event_types_only() -> None:
    targets = {
        row[-1]
        for heading in ("From UCDP GED", "From ACLED", "From CAMEO, as GDELT uses it")
        for row in rows(heading)
    }

    assert targets - {"–"} <= {f"`{word}`" for word in EventType}  # a dash is no incident


def test_all_25_sub_events_of_acled_are_there_once() -> None:
    found = [row[1] for row in rows("From ACLED")]

    assert (len(found), len(set(found))) == (25, 25)


def test_every_root_of_cameo_is_there() -> None:
    roots: set[int] = set()
    for code, *_ in rows("From CAMEO, as GDELT uses it"):
        if between := re.fullmatch(r"(\d\d) to (\d\d)", code):
            roots.update(range(int(between[1]), int(between[2]) + 1))
        roots.update(int(one) for one in re.findall(r"\b\d\d\b", code))

    assert roots == set(range(1, 21))
