# ruff: noqa: INP001 - a script and its tables lie beside what they make
"""Rebuilds seed/regions.jsonl.gz from the boundary files in ../shared/data/regions.

Not needed to run or test Sitrep. Needs pyogrio, shapely and pycountry:

    python -m seed.build_regions ../shared/data/regions

The result is the same, byte for byte, whenever the inputs are.
"""

import gzip
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pycountry
import pyogrio.raw
import shapely
from shapely import MultiPolygon, Polygon

from app.domain.regions import Region
from app.domain.words import fold
from app.importers.gleditsch_ward import NUMBERS
from seed import region_fixes as fixes

SCALE = 10_000
"""Coordinates are kept in ten-thousandths of a degree: 11 m, where the boundaries themselves are some hundred metres off."""

GRID = 1 / SCALE

UNNAMED = "?"
"""Islets without a name belong to their country and are no region of their own."""


@dataclass
class Draft:
    """A region in the making: polygons that came to bear the same code."""

    region: Region
    parts: list[Any]
    names: list[str] = field(default_factory=list)


def main(folder: Path) -> None:
    drafts = [*_subdivisions(folder / "admin1.fgb"), *_districts(folder / "afghanistan-admin2.fgb")]
    merged = _with_codes_of_ours(_merged(drafts))
    grouped = list(_grouped(merged))
    countries = list(_countries(grouped, folder / "countries.fgb"))
    regions = countries + [
        draft
        for draft in grouped
        if draft.region.name != UNNAMED and not _is_its_whole_country(draft, grouped)
    ]
    regions.sort(key=lambda draft: (draft.region.level, draft.region.code))
    _drop_names_of_others(regions)
    lines = [
        json.dumps({"scale": SCALE}),
        *(json.dumps(_line(draft), ensure_ascii=False, separators=(",", ":")) for draft in regions),
    ]
    target = Path(__file__).with_name("regions.jsonl.gz")
    with target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write("\n".join(lines).encode())
    print(f"{len(regions)} regions, {target.stat().st_size:,} bytes")  # noqa: T201 - a script


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    meta, _, geometry, columns = pyogrio.raw.read(path)
    for shape, *values in zip(geometry, *columns, strict=True):
        row = dict(zip(meta["fields"], values, strict=True))
        cleaned = {
            key: value if isinstance(value, str) and value.strip() else None for key, value in row.items()
        }
        yield cleaned, _snapped(shapely.from_wkb(shape))


def _snapped(shape: Any) -> Any:
    """On our grid, and out to the antimeridian and the pole, from which the files keep 0.1 degrees away."""

    def stretch(xy: Any) -> Any:
        xy = xy.copy()
        xy[np.abs(xy[:, 0]) > 179.899, 0] = np.sign(xy[np.abs(xy[:, 0]) > 179.899, 0]) * 180
        xy[xy[:, 1] < -89.899, 1] = -90
        return xy

    return shapely.set_precision(shapely.make_valid(shapely.transform(shape, stretch)), GRID)


def _subdivisions(path: Path) -> Iterator[Draft]:
    for row, shape in _rows(path):
        file_country, name = row["iso_a2"], row["name"] or UNNAMED
        keys = [
            f"{file_country}:{name}//{row['fips']}",
            f"{file_country}:{name}/{row['gn_name'] or ''}",
            f"{file_country}:{name}",
        ]
        country = _first(fixes.COUNTRY, keys, file_country)
        code = _first(fixes.CODE, keys, row["iso_3166_2"] or "")
        if country != file_country and not code.startswith(f"{country}-"):
            code = ""
        fips = _first(fixes.FIPS, keys, row["fips"] or "")
        region = Region(
            code=code,
            name=_first(fixes.NAME, keys, name),
            level=1,
            parent=country,
            country=country,
            fips=(fips,) if fips else (),
        )
        names = [name, row["gn_name"], row["woe_name"] if row["iso_a2"] not in {"LV", "UG"} else None]
        yield Draft(region, [shape], [one for one in names if one and "aggregation" not in one])


def _districts(path: Path) -> Iterator[Draft]:
    swapped = {"AF-PKA": "AF-PIA", "AF-PIA": "AF-PKA"}
    for row, shape in _rows(path):
        province = swapped.get(row["ne_iso_3166_2"], row["ne_iso_3166_2"])
        name = " ".join(row["name"].split())
        yield Draft(Region(code="", name=name, level=2, parent=province, country="AF"), [shape])


def _merged(drafts: Iterable[Draft]) -> list[Draft]:
    """One draft a code; those without one are parts of each other only where country, level and name are the same."""
    official = {one.code: one.name for one in pycountry.subdivisions}
    together: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        region = draft.region
        together[(region.code,) if region.code else (str(region.parent), region.name)].append(draft)
    merged = []
    for same in together.values():
        of_iso = _official(official.get(same[0].region.code))
        known = {fold(name) for name in of_iso}
        first = max(
            same,
            key=lambda one: (
                one.region.name in fixes.NAME.values(),
                fold(one.region.name) in known,
                _area(one),
            ),
        )
        fips = tuple(sorted({code for draft in same for code in draft.region.fips}))
        names = [
            name
            for draft in sorted(same, key=lambda one: one.region.name)
            for name in (draft.region.name, *draft.names)
        ]
        region = replace(first.region, fips=fips)
        merged.append(Draft(region, [part for draft in same for part in draft.parts], [*names, *of_iso]))
    return merged


def _with_codes_of_ours(drafts: list[Draft]) -> list[Draft]:
    """Codes for what has none: the parent's, a dot and the name in plain letters; a number tells equal ones apart, from west to east."""
    taken = {draft.region.code for draft in drafts}
    for draft in sorted(
        drafts,
        key=lambda one: (one.region.level, str(one.region.parent), one.region.name, one.parts[0].bounds),
    ):
        if draft.region.code:
            continue
        stem = f"{draft.region.parent}.{_slug(draft.region.name)}"
        code = next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 99))) if code not in taken)
        taken.add(code)
        draft.region = replace(draft.region, code=code)
    return drafts


def _grouped(drafts: list[Draft]) -> Iterator[Draft]:
    """With ISO's upper subdivisions put in where the file only has the lower ones."""
    iso = {one.code: one for one in pycountry.subdivisions}
    together: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if (
            draft.region.country in fixes.GROUPED
            and draft.region.code in iso
            and iso[draft.region.code].parent_code
        ):
            together[iso[draft.region.code].parent_code].append(draft)
    for code, inside in sorted(together.items()):
        name, *names = reversed(_official(iso[code].name))
        country = inside[0].region.country
        yield Draft(
            Region(code=code, name=name, level=1, parent=country, country=country),
            [part for one in inside for part in one.parts],
            names,
        )
        for draft in inside:
            draft.region = replace(draft.region, level=2, parent=code)
    yield from drafts


def _countries(drafts: list[Draft], path: Path) -> Iterator[Draft]:
    of_file = {row["iso_a2"]: row for row, _ in _rows(path)}
    of_iso = {one.alpha_2: one for one in pycountry.countries}
    whole: dict[str, list[Any]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        if draft.region.level == 1:
            whole[draft.region.country].extend(draft.parts)
            names[draft.region.country].append(draft.region.code)
    whole |= {code: [shapely.box(*bounds)] for code, bounds in fixes.NO_GEOMETRY.items()}
    gw: dict[str, list[int]] = defaultdict(list)
    for number, state in NUMBERS.items():
        gw[state.country].append(number)
    for code, parts in sorted(whole.items()):
        row, iso = of_file.get(code, {}), of_iso.get(code)
        fips = fixes.COUNTRY_FIPS.get(code) or tuple(
            value for value in [row.get("FIPS_10_")] if value and value != "-99"
        )
        official = [getattr(iso, key, None) for key in ("common_name", "name", "official_name")]
        alone = names[code] if len(names[code]) == 1 and "-" in names[code][0] else []
        name = (
            fixes.COUNTRY_NAME.get(code) or next((one for one in official if one), None) or str(row["NAME"])
        )
        alpha3 = iso.alpha_3 if iso else {"XK": "XKX"}.get(code)
        region = Region(
            code=code, name=name, level=0, country=code, alpha3=alpha3, fips=fips, gw=tuple(sorted(gw[code]))
        )
        known = [*official, row.get("NAME"), *fixes.COUNTRY_ALIASES.get(code, ()), *alone]
        turned = [re.sub(r"^(.*), (.*)$", r"\2 \1", one) for one in known if one and one.count(",") == 1]
        yield Draft(region, parts, [one for one in [*known, *turned] if one])


def _is_its_whole_country(draft: Draft, drafts: list[Draft]) -> bool:
    """An island state drawn as its own one subdivision says nothing that the country does not."""
    region = draft.region
    named = (other.region for other in drafts if other.region.level == 1 and other.region.name != UNNAMED)
    return region.level == 1 and sum(other.country == region.country for other in named) == 1


def _drop_names_of_others(drafts: list[Draft]) -> None:
    """Natural Earth joins new regions to names of what they were cut out of: these are not theirs while a region bears them."""
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for draft in drafts:
        owners[draft.region.country, fold(draft.region.name)].add(draft.region.code)
    for draft in drafts:
        region = draft.region
        draft.names = [
            one
            for one in draft.names
            if owners.get((region.country, fold(one)), {region.code}) <= {region.code, region.parent}
        ]


def _line(draft: Draft) -> dict[str, Any]:
    region = draft.region
    unwanted = {region.name, *fixes.WRONG_ALIASES.get(region.code, ())}
    aliases = dict.fromkeys([*(fixes.REGION_ALIASES.get(region.code, ())), *draft.names])
    values = {
        "code": region.code,
        "name": region.name,
        "level": region.level,
        "parent": region.parent if region.level else None,
        "country": region.country,
        "alpha3": region.alpha3,
        "fips": region.fips,
        "gw": region.gw,
        "aliases": [alias for alias in aliases if alias not in unwanted],
        "rings": _rings(draft),
    }
    return {key: value for key, value in values.items() if value not in (None, (), [])}


def _rings(draft: Draft) -> list[list[list[int]]]:
    """Polygons of rings of whole numbers: first x and y, then the way to each next corner."""
    shape = shapely.union_all(draft.parts, grid_size=GRID)
    polygons = [part for part in shapely.get_parts(shapely.normalize(shape)) if isinstance(part, Polygon)]
    encoded = [[_steps(ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons]
    again = MultiPolygon([(_corners(one[0]), [_corners(ring) for ring in one[1:]]) for one in encoded])
    if not again.is_valid:
        raise ValueError(f"{draft.region.code}: {shapely.is_valid_reason(again)}")
    return encoded


def _steps(ring: Any) -> list[int]:
    corners = np.rint(shapely.get_coordinates(ring)[:-1] * SCALE).astype(int)
    return [int(value) for value in np.diff(corners, axis=0, prepend=0).ravel()]


def _corners(steps: list[int]) -> Any:
    return np.asarray(steps).reshape(-1, 2).cumsum(axis=0) / SCALE


def _area(draft: Draft) -> float:
    return sum(float(part.area) for part in draft.parts)


def _official(name: str | None) -> list[str]:
    """ISO's name and its parts: `Wales [Cymru GB-CYM]`, `Afar, Region of`."""
    if not name:
        return []
    bare = re.sub(r"\s*[\[(].*?[\])]", "", name).strip()
    return list(dict.fromkeys([name if bare == name else bare, bare.split(",")[0].strip()]))


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "part"


def _first(table: dict[str, str], keys: list[str], otherwise: str) -> str:
    return next((table[key] for key in keys if key in table), otherwise)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
