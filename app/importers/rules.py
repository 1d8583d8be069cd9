"""The rules by which rows are judged. `docs/import-rules.md` explains each; a test holds the two together."""

from __future__ import annotations

QUARANTINE = {
    "ragged_row": "the row has more or fewer cells than the header",
    "open_quote": "a quote in the row is never closed, or a line break stands in it without quotes",
    "no_key": "the source's key is missing",
    "bad_key": "the source's key is no positive whole number",
    "duplicate_key": "an earlier row of the file has the key and says something else",
    "bad_type": "the type is missing, or none of the source's",
    "no_coordinates": "longitude or latitude is missing",
    "bad_coordinates": "longitude or latitude is no number",
    "off_the_globe": "longitude is outside -180..180 or latitude outside -90..90",
    "null_island": "the point is 0, 0, which is how missing coordinates are often written",
    "bad_place_precision": "the place's precision is missing, or none of the source's",
    "no_day": "the first or the last day is missing",
    "bad_day": "a day cannot be read, or is none of the calendar",
    "impossible_day": "a day is before 1900, or more than a year ahead",
    "days_reversed": "the event ends before it begins",
    "bad_day_precision": "the day's precision is missing, or none of the source's",
}
"""What keeps a row from making an event. It is kept verbatim all the same."""

FLAG = {
    "repeated_row": "an earlier row of the file is the same, cell for cell",
    "not_utf8": "the row holds a byte that is no UTF-8; it was read as Windows-1252",
    "nul_byte": "the row holds a NUL byte, which cannot be kept; ␀ stands for it",
    "day_in_future": "the event lies after the day of the import",
    "other_year": "the column of the year says another year than the days",
    "bad_number": "a number cannot be read; it is taken as unknown",
    "negative_number": "a number that can only be positive is negative; it is taken as unknown",
    "sources_not_recorded": "the number of sources is -1, by which UCDP means that it was not recorded",
    "deaths_disordered": "not low <= best <= high",
    "deaths_sum": "the best figure is not the sum of its parts",
    "wkt_differs": "the geometry is another point than longitude and latitude",
    "priogrid_differs": "the PRIO-GRID cell is not that of the point",
    "unknown_country": "the country's number or code is not known here",
    "far_from_country": "the point is over 100 km outside its country",
    "no_subdivision": "the point is over 25 km from every subdivision of its country",
    "admin1_unknown": "the country has no subdivision of this name",
    "admin1_disagrees": "the point is over 5 km outside the subdivision that is named",
    "district_without_polygon": "the district is not known here; the event is placed in what is above it",
}
"""What is wrong with a row that makes an event all the same."""
