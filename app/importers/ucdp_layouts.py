"""The columns of UCDP GED, release by release. Files are read by the names in their header; these are for those without one."""

from __future__ import annotations

GED_23_1 = tuple(
    """
    id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name
    dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b
    number_of_sources source_article source_office source_date source_headline source_original where_prec
    where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country
    country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians
    deaths_unknown best high low gwnoa gwnob
    """.split()  # noqa: SIM905  # 49 strings in quotes are harder to read
)
"""49 columns, of the yearly and the candidate releases since 2020."""

GED_19_1 = tuple(
    """
    id year active_year type_of_violence conflict_new_id conflict_name dyad_new_id dyad_name side_a_new_id
    gwnoa side_a side_b_new_id gwnob side_b number_of_sources source_article source_office source_date
    source_headline source_original where_prec where_coordinates adm_1 adm_2 latitude longitude geom_wkt
    priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a deaths_b
    deaths_civilians deaths_unknown low best high
    """.split()  # noqa: SIM905  # 49 strings in quotes are harder to read
)
"""42 columns, and low, best, high where later releases have best, high, low."""

HEADERLESS = (GED_23_1, GED_19_1)
"""Candidate 24.0.1 came without a header."""

NEEDED = frozenset("id type_of_violence where_prec latitude longitude date_prec date_start date_end".split())  # noqa: SIM905  # as above
"""Without one of these no row could be placed or dated. All other columns may be missing."""
