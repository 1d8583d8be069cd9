"""What sources call subdivisions and districts, and which of our regions they mean."""

import csv
import re
from functools import cache
from pathlib import Path

from app.domain.regions import Regions
from app.domain.words import fold
from app.importers.region_seed import SEED

_GENERIC = {
    "state", "province", "region", "governorate", "division", "district", "department", "county", "oblast",
    "prefecture", "municipality", "zone", "republic", "krai", "territory", "city", "independent",
    "autonomous", "administrative", "capital", "of", "the", "and", "de", "du", "da", "do", "d", "e",
    "ostan", "velayat", "wilayat", "wilaya", "muhafazat", "provincia", "departamento", "departement",
    "estado", "regiao", "gouvernorat", "daira", "oblysy", "respublika", "changwat", "il", "al",
    "ar", "as", "ad", "az", "ash", "at", "an", "el",
}  # fmt: skip
"""Words that tell the kind of a place, not its name, and articles."""

AliasTable = dict[tuple[str, str, str], tuple[str, ...]]


@cache
def read_aliases(path: Path = SEED / "admin1-aliases.csv") -> AliasTable:
    """The table of a source's own first-level names: (dataset, country alpha-2, folded name) to our codes, several for an area since divided."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["dataset"], row["country"], fold(row["name"])): tuple(row["code"].split())
            for row in csv.DictReader(file)
        }


class SourceNames:
    """Finds regions by a source's names: its alias table first, then our names and aliases, kinds of place left out."""

    def __init__(self, regions: Regions, aliases: AliasTable) -> None:
        self._regions = regions
        self._aliases = aliases
        self._below: dict[str, dict[str, str | None]] = {}

    def first_level(self, dataset: str, countries: tuple[str, ...], name: str | None) -> tuple[str, ...]:
        """Codes of what a first-level name means in one of these countries, tried in order; several if it has since been divided."""
        if not name or not name.strip():
            return ()
        for country in countries:
            codes = self._aliases.get((dataset, country, fold(name)), ())
            if not codes and (found := self._named(country, name)):
                codes = (found,)
            if codes:
                return codes
        return ()

    def second_level(self, admin1: str | None, name: str | None) -> str | None:
        """Code of the district of this name in a first-level subdivision."""
        return self._named(admin1, name) if admin1 and name else None

    def _named(self, parent: str, name: str) -> str | None:
        coded = self._regions.get(name.strip())
        if coded and parent in self._regions.above(coded.code):
            return coded.code
        if parent not in self._below:
            self._below[parent] = self._index(parent)
        known = self._below[parent]
        # `Nad Ali district (Marja)`: as it stands, then without and then with only what is in brackets.
        without, within = re.sub(r"\(.*?\)", " ", name), " ".join(re.findall(r"\((.*?)\)", name))
        return next(
            (
                code
                for form in (name, without, within)
                if (code := known.get(_core(form)) or known.get(fold(form)))
            ),
            None,
        )

    def _index(self, parent: str) -> dict[str, str | None]:
        """Folded names to codes of the regions right below; None for a name of two. A name proper is stronger than an alias."""
        index: dict[str, str | None] = {}
        below = [self._regions[code] for code in self._regions.children(parent)]
        for named in ([(one.code, (one.name,)) for one in below], [(one.code, one.aliases) for one in below]):
            stronger = set(index)
            for code, names in named:
                for key in {form(name) for name in names for form in (fold, _core)} - stronger:
                    index[key] = code if index.get(key, code) == code else None
        return index


def _core(name: str) -> str:
    """The folded name without words for kinds of place; whole if nothing else is left."""
    words = fold(name).split()
    return " ".join(word for word in words if word not in _GENERIC) or " ".join(words)
