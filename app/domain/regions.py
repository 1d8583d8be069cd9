"""Regions: countries, their subdivisions and districts, and how to find one by what people write."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from shapely import MultiPolygon

from app.domain.words import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A country, one of its subdivisions, or a district."""

    code: str
    """ISO 3166-1 alpha-2 (`AF`), ISO 3166-2 (`AF-KDZ`), or a code of ours, which has a dot (`AF-KDZ.imam-sahib`)."""
    name: str
    level: int
    """0 a country, 1 its first-level subdivision, 2 a part of that."""
    parent: str | None = None
    """Code of the region right above; None for a country."""
    country: str
    """ISO 3166-1 alpha-2 of the country it belongs to; for a country its own code."""
    alpha3: str | None = None
    """ISO 3166-1 alpha-3, countries only."""
    fips: tuple[str, ...] = ()
    """FIPS 10-4 codes without the prefix `fips:`; several where old units were merged."""
    gw: tuple[int, ...] = ()
    """Gleditsch-Ward numbers of the states that are this country today; countries only."""
    aliases: tuple[str, ...] = ()
    """Other names and spellings, in any script, without the name itself."""
    geom: MultiPolygon | None = None
    """Its area in EPSG:4326, valid, within ±180 and ±90; None where only names are needed."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region that a text may have meant, with what is needed to choose."""

    code: str
    name: str
    parent: str | None
    """Name (not code) of the region above."""

    def __str__(self) -> str:
        return f"{self.code} ({self.name}, {self.parent})" if self.parent else f"{self.code} ({self.name})"


class UnknownRegion(LookupError):
    """No region has this code or name."""

    def __init__(self, text: str, suggestions: tuple[Candidate, ...] = ()) -> None:
        self.text = text
        self.suggestions = suggestions
        near = f" Did you mean {' or '.join(map(str, suggestions))}?" if suggestions else ""
        super().__init__(
            f"No region is called {text!r}.{near} Give an ISO 3166 code such as AF or AF-KDZ, a FIPS code as fips:AF24, or a name."
        )


class AmbiguousRegion(LookupError):
    """Several regions, none of which lies in another, have this name."""

    def __init__(self, text: str, candidates: tuple[Candidate, ...]) -> None:
        self.text = text
        self.candidates = candidates
        super().__init__(f"{text!r} may be {' or '.join(map(str, candidates))}. Give the code.")


class Regions:
    """All regions, in memory: found by code or name, and how they nest. Built once, never changed."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_code = {region.code: region for region in regions}
        self._by_key: dict[str, str] = {}
        self._by_fips: dict[str, list[str]] = defaultdict(list)
        self._children: dict[str, list[str]] = defaultdict(list)
        for region in self:
            if region.alpha3:
                self._by_key[region.alpha3.casefold()] = region.code
            if region.parent:
                self._children[region.parent].append(region.code)
            for fips in region.fips:
                self._by_fips[fips.casefold()].append(region.code)
        # Codes last: where an alpha-3 of one were the code of another, the code is meant.
        self._by_key.update((code.casefold(), code) for code in self._by_code)

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> Region:
        """The region with exactly this code; KeyError if there is none."""
        return self._by_code[code]

    def get(self, code: str | None) -> Region | None:
        """The region with exactly this code, if there is one."""
        return self._by_code.get(code) if code else None

    def find(self, text: str) -> Region:
        """The region that a person means by this text.

        Tried in this order: a code (ours, ISO 3166-2, alpha-2, alpha-3; case ignored), `fips:` and a FIPS 10-4 code, a
        name or alias (case and accents ignored). FIPS needs its prefix, since 64 FIPS codes are another country's ISO code.
        A name does not win over an alias of another region: who asks for `Gaza` would be given a province of Mozambique.
        Of regions that share a name and lie in one another, the largest is meant: `Kunduz` is the province, not its district.

        Raises UnknownRegion or AmbiguousRegion.
        """
        key = text.strip().casefold()
        if (region := self.coded(text)) is not None:
            return region
        if key.startswith("fips:"):
            return self._only(text, self._by_fips.get(key.removeprefix("fips:").strip(), []))
        folded = fold(text)
        named = dict.fromkeys([*self._by_name.get(folded, ()), *self._by_alias.get(folded, ())])
        return self._only(text, list(named))

    def coded(self, text: str) -> Region | None:
        """The region with this code: ours, ISO 3166-2, alpha-2 or alpha-3, case ignored."""
        return self.get(self._by_key.get(text.strip().casefold()))

    def is_called(self, codes: Iterable[str], text: str) -> bool:
        """Whether one of some regions is called so: by its code, its name or another, or the beginning of these."""
        found, folded = self.coded(text), fold(text)
        for region in (self._by_code[code] for code in codes):
            # `TX` is what people write for US-TX.
            short = region.code.removeprefix(f"{region.country}-").casefold() == folded
            names = (region.name, *region.aliases)
            if region is found or short or any(fold(name).startswith(folded) for name in names):
                return True
        return False

    def inside(self, code: str) -> frozenset[str]:
        """This region and everything in it, by code."""
        below = (self.inside(child) for child in self._children.get(code, ()))
        return frozenset((code, *chain.from_iterable(below)))

    def lies_in(self, code: str, whole: str) -> bool:
        """Whether a region is another or lies in it. `inside` without the list: a hundred times as quick for a country."""
        return code == whole or whole in self.above(code)

    def children(self, code: str) -> tuple[str, ...]:
        """The regions right below this one, by code."""
        return tuple(self._children.get(code, ()))

    def above(self, code: str) -> tuple[str, ...]:
        """The regions in which this one lies, nearest first, without itself."""
        parent = self._by_code[code].parent
        return (parent, *self.above(parent)) if parent else ()

    def common(self, codes: Iterable[str]) -> Region | None:
        """The smallest region that holds all of these (one of them, if it holds the others); None across countries, or for none."""
        paths = [(*reversed(self.above(code)), code) for code in codes]
        shared = None
        for steps in zip(*paths, strict=False):
            if len(set(steps)) > 1:
                break
            shared = steps[0]
        return self.get(shared)

    def candidate(self, code: str) -> Candidate:
        """A region as it is offered in an error message."""
        region = self._by_code[code]
        parent = self.get(region.parent)
        return Candidate(code, region.name, parent.name if parent else None)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        return _index((region.code, (region.name,)) for region in self)

    @cached_property
    def _by_alias(self) -> dict[str, list[str]]:
        return _index((region.code, region.aliases) for region in self)

    @cached_property
    def _by_trigram(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name in chain(self._by_name, (alias for alias in self._by_alias if alias not in self._by_name)):
            for trigram in _trigrams(name):
                index[trigram].append(name)
        return index

    def _only(self, text: str, codes: list[str]) -> Region:
        outermost = [code for code in codes if not set(self.above(code)) & set(codes)]
        if not outermost:
            raise UnknownRegion(text, self._near(text))
        if len(outermost) > 1:
            raise AmbiguousRegion(text, tuple(self.candidate(code) for code in sorted(outermost)))
        return self._by_code[outermost[0]]

    def _near(self, text: str) -> tuple[Candidate, ...]:
        """Up to three regions whose names look like this one: at least three in ten trigrams shared."""
        wanted = _trigrams(fold(text)[:80])
        shared = Counter(chain.from_iterable(self._by_trigram.get(trigram, ()) for trigram in wanted))
        scored = ((count / len(wanted | _trigrams(name)), name) for name, count in shared.most_common(200))
        names = [name for score, name in sorted(scored, key=lambda one: (-one[0], one[1])) if score >= 0.3]
        codes = chain.from_iterable(self._by_name.get(name) or self._by_alias[name] for name in names)
        return tuple(self.candidate(code) for code in list(dict.fromkeys(codes))[:3])


def _index(named: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for code, names in named:
        for name in {fold(name) for name in names}:
            index[name].append(code)
    return index


def _trigrams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
