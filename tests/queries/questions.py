"""Every filter by itself, over the small world, and the index that has to serve it where it is selective."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from app.domain.areas import Box, Circle, Shape
from app.domain.days import Days
from app.domain.events import EventType, Precision, Verification
from app.domain.evidence import ClaimantRole, PublisherVerification
from app.domain.expressions import Language, parse
from app.domain.filters import EventFilter, Match
from app.domain.queryables import EVENTS
from tests.world import region_wanted

ONE_EVENT = UUID(int=1)


def cql(text: str) -> EventFilter:
    """A condition as the whole question."""
    return EventFilter(expression=parse(text, Language.TEXT, EVENTS))


POSSIBLE, DEFINITE = Match.POSSIBLE, Match.DEFINITE
PROVINCE = Shape.parse("POLYGON((68 36,70 36,70 38,68 36))")
TWO_SIDES = Shape.parse(
    "MULTIPOLYGON(((178 -18,180 -18,180 -16,178 -18)),((-180 -18,-179 -18,-180 -16,-180 -18)))"
)
EXTENT = ("event_extent_id", "event_extent_region", "event_extent_kind", "extent_geom", "region_part_geom")

PARTLY = PublisherVerification.PARTLY_VERIFIED
CLAIMED = ("claim_role_verification", "event_pkey")


@dataclass(frozen=True)
class Asked:
    """A question with its name, and the indexes its plan must hold."""

    name: str
    wanted: EventFilter
    indexes: tuple[str, ...] = field(default=())
    selective: bool = True


ASKED = (
    Asked("everything", EventFilter(), ("event_newest",), selective=False),
    Asked("box", EventFilter(box=Box.parse("68,36,68.5,36.5")), ("event_geom", "event_without_point")),
    Asked(
        "box-antimeridian",
        EventFilter(box=Box.parse("179.5,-17,-179.5,-16")),
        ("event_geom", "event_without_point"),
    ),
    Asked("box-possible", EventFilter(box=Box.parse("179.5,-17,-179.5,-16"), match=POSSIBLE), EXTENT),
    Asked("area", EventFilter(area=PROVINCE), ("event_geom",)),
    Asked("area-two-sides", EventFilter(area=TWO_SIDES), ("event_geom",)),
    Asked("area-possible", EventFilter(area=PROVINCE, match=POSSIBLE), EXTENT),
    Asked("area-definite", EventFilter(area=PROVINCE, match=DEFINITE), EXTENT),
    Asked("near", EventFilter(near=Circle.parse("68.86,36.73", "25km")), ("event_geom",)),
    Asked("near-antimeridian", EventFilter(near=Circle.parse("179.9,-17", "25km")), ("event_geom",)),
    Asked("near-possible", EventFilter(near=Circle.parse("68.86,36.73", "25km"), match=POSSIBLE), EXTENT),
    Asked("country", EventFilter(regions=(region_wanted("LS"),)), ("event_country_newest",)),
    Asked("admin1", EventFilter(regions=(region_wanted("AF-KDZ"),)), ("event_admin1_newest",)),
    Asked("admin2", EventFilter(regions=(region_wanted("AF-KDZ.kunduz"),)), ("event_admin2_newest",)),
    Asked(
        "region-possible",
        EventFilter(regions=(region_wanted("AF-KDZ"),), match=POSSIBLE),
        ("event_extent_region", "event_near_regions", "event_extent_kind"),
    ),
    Asked(
        "region-definite",
        EventFilter(regions=(region_wanted("AF-KDZ"),), match=DEFINITE),
        ("event_extent_region",),
    ),
    Asked("day", EventFilter(days=Days.parse("2001-05-05")), ("event_newest", "event_long")),
    Asked("days-possible", EventFilter(days=Days.parse("2001-05-05T20:00:00Z/P1D"), match=POSSIBLE)),
    Asked(
        "days-definite",
        EventFilter(days=Days.parse("2001-05-05"), match=DEFINITE),
        ("event_newest", "event_long"),
    ),
    Asked("days-until", EventFilter(days=Days.parse("../2001-05-05")), ("event_newest",)),
    Asked("type", EventFilter(types=(EventType.ABDUCTION,)), ("event_type_newest",)),
    Asked("dataset", EventFilter(datasets=("desk",)), ("event_dataset_newest",)),
    Asked("precision", EventFilter(precisions=(Precision.EXACT, Precision.VICINITY))),
    Asked("verification", EventFilter(verifications=(Verification.VERIFIED,))),
    Asked(
        "actor",
        EventFilter(actors=("Taliban",)),
        ("actor_name", "actor_aliases", "event_actor_actor_id_event_id"),
    ),
    Asked("deaths", EventFilter(deaths_min=1, deaths_max=9)),
    Asked("contested", EventFilter(contested=True)),
    Asked("sources", EventFilter(sources_min=2)),
    Asked(
        "claimed", EventFilter(claimant_roles=(ClaimantRole.WITNESS,), claim_verifications=(PARTLY,)), CLAIMED
    ),
    Asked("claimed-by", EventFilter(claimant_roles=(ClaimantRole.WITNESS,)), CLAIMED),
    Asked("claim-verified", EventFilter(claim_verifications=(PARTLY,))),
    Asked("has-geometry", EventFilter(has_geometry=False), ("event_without_point",)),
    Asked("words", EventFilter(words="seldom"), ("event_search",)),
    Asked("cql-equals", cql("country = 'LS' AND deaths_best >= 1"), ("event_country_newest",)),
    Asked("cql-in", cql("admin1 IN ('AF-KDZ', 'FJ-N')"), ("event_admin1_newest",)),
    Asked("cql-type", cql("type = 'abduction'"), ("event_type_newest",)),
    Asked("cql-dataset", cql("dataset = 'desk' AND NOT contested"), ("event_dataset_newest",)),
    Asked("cql-id", cql(f"id = '{ONE_EVENT}'"), ("event_pkey",)),
    Asked("cql-day", cql("first_day BETWEEN DATE('2001-05-05') AND DATE('2001-05-06')"), ("event_newest",)),
    Asked("cql-day-before", cql("first_day < DATE('1989-01-05')"), ("event_newest",)),
    Asked("cql-day-unknown", cql("first_day IS NULL"), ("event_newest",)),
    Asked("cql-reported", cql("first_reported = DATE('2019-03-03')"), ("event_first_reported",)),
    Asked(
        "cql-days",
        cql("T_INTERSECTS(datetime, INTERVAL('2001-05-05','2001-05-06'))"),
        ("event_newest", "event_long"),
    ),
    Asked(
        "cql-during",
        cql("T_DURING(datetime, INTERVAL('2001-05-05','2001-05-09'))"),
        ("event_newest",),
    ),
    Asked("cql-after", cql("T_AFTER(datetime, DATE('2024-07-20'))"), ("event_newest",)),
    Asked("cql-box", cql("S_INTERSECTS(geometry, BBOX(179.5,-17,-179.5,-16))"), ("event_geom",)),
    Asked("cql-within", cql("S_WITHIN(geometry, POLYGON((68 36,70 36,70 38,68 36)))"), ("event_geom",)),
    Asked("cql-extent", cql("S_INTERSECTS(extent, POLYGON((68 36,70 36,70 38,68 36)))"), EXTENT),
    Asked("cql-extent-within", cql("S_WITHIN(extent, POLYGON((68 36,70 36,70 38,68 36)))"), EXTENT),
    Asked(
        "cql-folded",
        cql("CASEI(ACCENTI(title)) LIKE CASEI(ACCENTI('%Şehir%')) OR A_CONTAINS(actors, ('IS'))"),
    ),
    Asked(
        "cql-arithmetic", cql("deaths_high / deaths_low > 2 ^ 2 AND distance_m(geometry, POINT(68 36)) < 5e4")
    ),
    Asked(
        "cql-denied",
        cql("NOT (first_day >= DATE('2001-05-05') AND T_BEFORE(INTERVAL(first_day,'..'), updated))"),
    ),
    Asked("reported", EventFilter(reported=Days.parse("2019-03-03")), ("event_first_reported",)),
)
