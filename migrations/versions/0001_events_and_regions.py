"""Datasets and releases, regions, events and actors.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_EXTENT_KIND = """(
CASE
    WHEN extent_id IS NOT NULL THEN 'disc'::text
    WHEN near_regions IS NOT NULL THEN 'several'::text
    WHEN extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END)"""


def upgrade() -> None:
    _sources()
    _places()
    _events()
    _actors()


def downgrade() -> None:
    for table in (
        "event_actor",
        "actor",
        "event",
        "extent",
        "place",
        "region_part",
        "region",
        "issue",
        "release_row",
        "record",
        "release",
        "dataset",
        "version",
    ):
        op.drop_table(table)


def _sources() -> None:
    """Datasets, their releases, and the rows of these as they came."""
    op.create_table(
        "version",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="version_pkey"),
        sa.UniqueConstraint("known_at", name="version_known_at_key"),
    )
    op.create_table(
        "dataset",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("licence_url", sa.Text(), nullable=True),
        sa.Column("redistribution", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.CheckConstraint("redistribution IN ('open', 'restricted')", name="dataset_redistribution_check"),
        sa.PrimaryKeyConstraint("id", name="dataset_pkey"),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dataset_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("position_basis", sa.Text(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("complete", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("scope_countries", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("scope_first_year", sa.Integer(), nullable=True),
        sa.Column("scope_last_year", sa.Integer(), nullable=True),
        sa.Column("header", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("outdated", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("scope_first_year <= scope_last_year", name="release_scope_years_check"),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name="release_dataset_id_fkey"),
        sa.ForeignKeyConstraint(
            ["version"], ["version.id"], name="release_version_fkey", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="release_pkey"),
    )
    op.create_index("release_dataset_id_sha256", "release", ["dataset_id", "sha256"], unique=True)
    op.create_table(
        "record",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("cells", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="record_pkey"),
    )
    op.create_table(
        "release_row",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("record_hash", sa.LargeBinary(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="release_row_release_id_fkey"),
        sa.PrimaryKeyConstraint("release_id", "row_number", name="release_row_pkey"),
    )
    op.create_index(
        "release_row_event_id", "release_row", ["event_id"], postgresql_where=sa.text("event_id IS NOT NULL")
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="issue_release_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="issue_pkey"),
    )
    op.create_index("issue_release_id_row_number", "issue", ["release_id", "row_number"])


def _places() -> None:
    """Regions, their parts, settlements and extents."""
    op.create_table(
        "region",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("alpha3", sa.Text(), nullable=True),
        sa.Column("fips", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("gw", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="region_pkey"),
    )
    op.create_index(
        "region_names", "region", ["names"], postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}
    )
    op.create_index("region_parent", "region", ["parent"])
    op.create_table(
        "region_part",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("POLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["region.code"], name="region_part_code_fkey"),
        sa.PrimaryKeyConstraint("id", name="region_part_pkey"),
    )
    op.create_index("region_part_code", "region_part", ["code"])
    op.create_index("region_part_geom", "region_part", ["geom"], postgresql_using="gist")
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alternates", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("folded", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name="place_pkey"),
    )
    op.create_index("place_geom", "place", ["geom"], postgresql_using="gist")
    op.create_table(
        "extent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name="extent_pkey"),
    )
    op.create_index("extent_geom", "extent", ["geom"], postgresql_using="gist")


def _events() -> None:
    """Events."""
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("date_precision", sa.Text(), nullable=False),
        sa.Column("instant", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("admin2", sa.Text(), nullable=True),
        sa.Column("extent_region", sa.Text(), nullable=True),
        sa.Column("near_regions", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("extent_id", sa.Uuid(), nullable=True),
        sa.Column("side_a", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("side_b", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("deaths_low", sa.Integer(), nullable=True),
        sa.Column("deaths_best", sa.Integer(), nullable=True),
        sa.Column("deaths_high", sa.Integer(), nullable=True),
        sa.Column("deaths_civilians", sa.Integer(), nullable=True),
        sa.Column("deaths_state", sa.Text(), nullable=False),
        sa.Column("verification", sa.Text(), nullable=True),
        sa.Column("contested", sa.Boolean(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=True),
        sa.Column("sources", sa.Integer(), nullable=True),
        sa.Column("first_reported", sa.Date(), nullable=True),
        sa.Column("first_reported_basis", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=True),
        sa.Column("record_hash", sa.LargeBinary(), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False),
        sa.CheckConstraint(
            "date_precision IN ('instant', 'hour', 'day', 'days_2_6', 'week', 'month', 'year', 'unknown')",
            name="event_date_precision_check",
        ),
        sa.CheckConstraint(
            "deaths_state IN ('reported', 'explicit_zero', 'zero_or_not_reported', 'not_reported', 'vague')",
            name="event_deaths_state_check",
        ),
        sa.CheckConstraint(
            "first_reported_basis IN ('document', 'release')", name="event_first_reported_basis_check"
        ),
        sa.CheckConstraint(
            "precision IN ('exact', 'vicinity', 'settlement', 'near_settlement', 'admin3', 'admin2', 'admin1', 'fuzzy_region', 'country', 'sea_air', 'unknown')",
            name="event_precision_check",
        ),
        sa.CheckConstraint("status IN ('active', 'retracted')", name="event_status_check"),
        sa.CheckConstraint(
            "type IN ('territorial_change', 'battle', 'air_strike', 'shelling', 'explosion', 'attack_on_civilians', 'abduction', 'sexual_violence', 'protest', 'riot', 'agreement', 'arrest', 'strategic_development', 'unspecified_violence', 'other')",
            name="event_type_check",
        ),
        sa.CheckConstraint(
            "verification IN ('unverified', 'partly_verified', 'verified', 'disputed', 'refuted', 'not_verifiable')",
            name="event_verification_check",
        ),
        sa.CheckConstraint("first_day <= last_day", name="event_days_check"),
        sa.CheckConstraint("revision >= 1", name="event_revision_check"),
        sa.PrimaryKeyConstraint("id", name="event_pkey"),
    )
    op.create_index("event_admin1_newest", "event", ["admin1", sa.text("first_day DESC"), sa.text("id DESC")])
    op.create_index(
        "event_admin2_newest",
        "event",
        ["admin2", sa.text("first_day DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("admin2 IS NOT NULL"),
    )
    op.create_index(
        "event_country_newest", "event", ["country", sa.text("first_day DESC"), sa.text("id DESC")]
    )
    op.create_index(
        "event_dataset_newest", "event", ["dataset", sa.text("first_day DESC"), sa.text("id DESC")]
    )
    op.create_index(
        "event_extent_id", "event", ["extent_id"], postgresql_where=sa.text("extent_id IS NOT NULL")
    )
    op.create_index("event_extent_region", "event", ["extent_region"])
    op.create_index("event_first_reported", "event", ["first_reported"])
    op.create_index("event_geom", "event", ["geom"], postgresql_using="gist")
    op.create_index(
        "event_extent_kind",
        "event",
        [sa.text(_EXTENT_KIND)],
    )
    op.create_index(
        "event_long", "event", ["last_day"], postgresql_where=sa.text("last_day > first_day + 31")
    )
    op.create_index(
        "event_near_regions",
        "event",
        ["near_regions"],
        postgresql_using="gin",
        postgresql_where=sa.text("near_regions IS NOT NULL"),
    )
    op.create_index("event_newest", "event", [sa.text("first_day DESC"), sa.text("id DESC")])
    op.create_index("event_search", "event", ["search"], postgresql_using="gin")
    # PostgreSQL keeps ten words a unit, and takes any other for half as common as the rarest of these: of a thousand words, at a
    # million events, that is 2,784, and nearly enough to look for a rare word among the newest events one by one (1.2 s and not 0.1 ms).
    op.execute("ALTER TABLE event ALTER COLUMN search SET STATISTICS 500")
    op.create_index("event_type_newest", "event", ["type", sa.text("first_day DESC"), sa.text("id DESC")])


def _actors() -> None:
    """Actors, and the events they take part in."""
    op.create_table(
        "actor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dataset_id", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name="actor_dataset_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="actor_pkey"),
    )
    op.create_index("actor_aliases", "actor", ["aliases"], postgresql_using="gin")
    op.create_index("actor_name", "actor", ["name"])
    op.create_index(
        "actor_names", "actor", ["names"], postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}
    )
    op.create_table(
        "event_actor",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("role IN ('side_a', 'side_b')", name="event_actor_role_check"),
        sa.PrimaryKeyConstraint("event_id", "role", "position", name="event_actor_pkey"),
    )
    op.create_index("event_actor_actor_id_event_id", "event_actor", ["actor_id", "event_id"])
