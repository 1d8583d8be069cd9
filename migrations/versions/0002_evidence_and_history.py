"""Evidence beside events, and all that events, actors and evidence were.

What is in the database becomes the first row of its history: as of an earlier version it is not known. Of an event that was changed
before, only the present state was kept.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("9223372036854775807")
_EXTENT_KIND = """(
CASE
    WHEN extent_id IS NOT NULL THEN 'disc'::text
    WHEN near_regions IS NOT NULL THEN 'several'::text
    WHEN extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END)"""
_LONG_UNTIL = """(
CASE
    WHEN last_day > (first_day + 31) THEN last_day
    ELSE NULL::date
END)"""
_STATEMENTS = ("assessment", "claim", "document", "estimate", "event_link", "figure")
_NAMED_TWICE = {
    "dataset": ("redistribution",),
    "event": (
        "date_precision", "days", "deaths_state", "first_reported_basis", "precision", "revision", "status", "type", "verification",
    ),
    "event_actor": ("role",),
    "release": ("scope_years",),
}  # fmt: skip
"""Checks whose whole name 0001 gave to Alembic, which puts table and kind round it: `event_event_type_check_check`."""
_TOLD = """
    id, dataset, source_key, type, source_type, title, summary, first_day, last_day, date_precision, instant, place, geom, precision,
    radius_m, country, admin1, admin2, extent_region, near_regions, extent_id, side_a, side_b, deaths_low, deaths_best, deaths_high,
    deaths_civilians, deaths_state, verification, contested, claims, sources, first_reported, first_reported_basis, status, revision,
    version, release_id, record_hash, search
"""


def upgrade() -> None:
    for table, once, twice in _checks():
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {twice} TO {once}")
    op.drop_constraint(op.f("release_row_release_id_fkey"), "release_row")
    op.add_column("version", sa.Column("release_id", sa.BigInteger()))
    op.execute("UPDATE version SET release_id = release.id FROM release WHERE release.version = version.id")
    _actors()
    _revisions()
    _statements()
    _snapshots()


def downgrade() -> None:
    op.drop_column("version", "release_id")
    op.create_foreign_key(
        op.f("release_row_release_id_fkey"), "release_row", "release", ["release_id"], ["id"]
    )
    for table in ("snapshot", *_STATEMENTS, "event_revision"):
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(sa.Sequence("change_seq")))
    op.drop_index("event_documents", "event")
    op.drop_index("event_long", "event")
    op.create_index(
        "event_long", "event", ["last_day"], postgresql_where=sa.text("last_day > first_day + 31")
    )
    # What others said moved it, and goes.
    op.execute(
        "UPDATE event SET first_reported = own_reported, first_reported_basis = own_reported_basis WHERE documents IS NULL"
        " AND (first_reported, first_reported_basis) IS DISTINCT FROM (own_reported, own_reported_basis)"
    )
    for column in (
        "civilians_estimate",
        "own_reported_basis",
        "own_reported",
        "documents",
        "deaths_estimate",
    ):
        op.drop_column("event", column)
    # Only what still is can be told by the older tables.
    for table, key in (("actor", ["id"]), ("event_actor", ["event_id", "role", "position"])):
        op.execute(f"DELETE FROM {table} WHERE until_version <> {_OPEN}")
        op.drop_constraint(f"{table}_pkey", table)
        op.create_primary_key(f"{table}_pkey", table, key)
        op.drop_constraint(f"{table}_versions_check", table)
        op.drop_column(table, "until_version")
    op.alter_column("actor", "since_version", new_column_name="version")
    op.drop_column("event_actor", "since_version")
    for table, once, twice in _checks():
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {once} TO {twice}")


def _checks() -> list[tuple[str, str, str]]:
    """Table, name and former name of the checks of 0001."""
    return [
        (table, f"{table}_{name}_check", f"{table}_{table}_{name}_check_check")
        for table, names in _NAMED_TWICE.items()
        for name in names
    ]


def _actors() -> None:
    """Actors, and who takes part, bear the versions in which it was so."""
    op.alter_column("actor", "version", new_column_name="since_version")
    op.add_column("event_actor", sa.Column("since_version", sa.BigInteger()))
    op.execute("UPDATE event_actor SET since_version = event.version FROM event WHERE event.id = event_id")
    op.alter_column("event_actor", "since_version", nullable=False)
    for table, key in (("actor", ["id"]), ("event_actor", ["event_id", "role", "position"])):
        op.add_column(
            table, sa.Column("until_version", sa.BigInteger(), server_default=_OPEN, nullable=False)
        )
        op.drop_constraint(f"{table}_pkey", table)
        op.create_primary_key(f"{table}_pkey", table, [*key, "until_version"])
        op.create_check_constraint(op.f(f"{table}_versions_check"), table, "since_version < until_version")


def _revisions() -> None:
    """All that events were."""
    op.add_column("event", sa.Column("deaths_estimate", sa.Uuid()))
    op.add_column("event", sa.Column("documents", sa.ARRAY(sa.Uuid())))
    op.add_column("event", sa.Column("civilians_estimate", sa.Uuid()))
    op.add_column("event", sa.Column("own_reported", sa.Date()))
    op.add_column("event", sa.Column("own_reported_basis", sa.Text()))
    # Nobody else has said anything yet.
    op.execute(
        "UPDATE event SET own_reported = first_reported, own_reported_basis = first_reported_basis WHERE first_reported IS NOT NULL"
    )
    op.create_index(
        "event_documents",
        "event",
        ["documents"],
        postgresql_using="gin",
        postgresql_where=sa.text("documents IS NOT NULL"),
    )
    # As an expression it has statistics, which a partial index has not.
    op.drop_index("event_long", "event")
    op.create_index("event_long", "event", [sa.text(_LONG_UNTIL)])
    op.execute(sa.schema.CreateSequence(sa.Sequence("change_seq")))
    op.create_table(
        "event_revision",
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("touched", sa.ARRAY(sa.Text()), nullable=True),
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
        sa.Column("deaths_estimate", sa.Uuid(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=True),
        sa.Column("contested", sa.Boolean(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=True),
        sa.Column("sources", sa.Integer(), nullable=True),
        sa.Column("first_reported", sa.Date(), nullable=True),
        sa.Column("first_reported_basis", sa.Text(), nullable=True),
        sa.Column("documents", sa.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=True),
        sa.Column("record_hash", sa.LargeBinary(), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since_version", sa.BigInteger(), nullable=False),
        sa.Column("until_version", sa.BigInteger(), server_default=_OPEN, nullable=False),
        sa.CheckConstraint("since_version < until_version", name="versions"),
        sa.PrimaryKeyConstraint("id", "until_version", name="event_revision_pkey"),
    )
    op.create_index(
        "event_revision_admin1_newest",
        "event_revision",
        ["admin1", sa.text("first_day DESC"), sa.text("id DESC")],
    )
    op.create_index(
        "event_revision_admin2_newest",
        "event_revision",
        ["admin2", sa.text("first_day DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("admin2 IS NOT NULL"),
    )
    op.create_index(
        "event_revision_country_newest",
        "event_revision",
        ["country", sa.text("first_day DESC"), sa.text("id DESC")],
    )
    op.create_index(
        "event_revision_extent_id",
        "event_revision",
        ["extent_id"],
        postgresql_where=sa.text("extent_id IS NOT NULL"),
    )
    op.create_index("event_revision_extent_kind", "event_revision", [sa.text(_EXTENT_KIND)])
    op.create_index(
        "event_revision_documents",
        "event_revision",
        ["documents"],
        postgresql_using="gin",
        postgresql_where=sa.text("documents IS NOT NULL"),
    )
    op.create_index("event_revision_extent_region", "event_revision", ["extent_region"])
    op.create_index("event_revision_geom", "event_revision", ["geom"], postgresql_using="gist")
    op.create_index("event_revision_long", "event_revision", [sa.text(_LONG_UNTIL)])
    op.create_index(
        "event_revision_near_regions",
        "event_revision",
        ["near_regions"],
        postgresql_using="gin",
        postgresql_where=sa.text("near_regions IS NOT NULL"),
    )
    op.create_index(
        "event_revision_newest",
        "event_revision",
        [sa.text("first_day DESC"), sa.text("id DESC"), "since_version", "until_version"],
    )
    op.create_index("event_revision_search", "event_revision", ["search"], postgresql_using="gin")
    op.create_index("event_revision_seq", "event_revision", ["seq"], unique=True)
    # As of `event.search` (migration 0001).
    op.execute("ALTER TABLE event_revision ALTER COLUMN search SET STATISTICS 500")
    op.execute(f"""
        INSERT INTO event_revision ({_TOLD}, since_version, seq)
        SELECT {_TOLD}, version, nextval('change_seq') FROM (SELECT * FROM event ORDER BY version, id) AS event
    """)


def _statements() -> None:
    """Who says what."""
    op.create_table(
        "document",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("authors", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("archive_url", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since_version", sa.BigInteger(), nullable=False),
        sa.Column("until_version", sa.BigInteger(), server_default=_OPEN, nullable=False),
        sa.CheckConstraint(
            "kind IN ('article', 'report', 'statement', 'post', 'imagery', 'other')",
            name="kind",
        ),
        sa.CheckConstraint("since_version < until_version", name="versions"),
        sa.PrimaryKeyConstraint("id", "until_version", name="document_pkey"),
    )
    op.create_index(
        "document_names",
        "document",
        ["names"],
        postgresql_using="gin",
        postgresql_ops={"names": "gin_trgm_ops"},
    )
    op.create_index(
        "document_newest",
        "document",
        [sa.text("published_on DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("until_version = 9223372036854775807"),
    )
    op.create_table(
        "claim",
        sa.Column("events", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("claimant", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("responds_to", sa.Uuid(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("speech", sa.Text(), nullable=False),
        sa.Column("said_first", sa.Date(), nullable=False),
        sa.Column("said_last", sa.Date(), nullable=False),
        sa.Column("said_words", sa.Text(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since_version", sa.BigInteger(), nullable=False),
        sa.Column("until_version", sa.BigInteger(), server_default=_OPEN, nullable=False),
        sa.CheckConstraint("events <> '{}'", name="events"),
        sa.CheckConstraint(
            "responds_to IS NOT NULL OR stance NOT IN ('denies', 'disputes', 'corroborates', 'retracts', 'sidesteps')",
            name="responds_to",
        ),
        sa.CheckConstraint(
            "role IN ('party_to_conflict', 'official', 'witness', 'medical', 'ngo_monitor', 'intergovernmental', 'researcher', 'media', 'other')",
            name="role",
        ),
        sa.CheckConstraint("speech IN ('direct', 'reported')", name="speech"),
        sa.CheckConstraint(
            "stance IN ('asserts', 'denies', 'disputes', 'corroborates', 'retracts', 'cannot_confirm', 'relays', 'sidesteps')",
            name="stance",
        ),
        sa.CheckConstraint(
            "verification IN ('not_stated', 'explicitly_unverified', 'partly_verified', 'publisher_verified')",
            name="verification",
        ),
        sa.CheckConstraint("said_first <= said_last", name="said"),
        sa.CheckConstraint("since_version < until_version", name="versions"),
        sa.PrimaryKeyConstraint("id", "until_version", name="claim_pkey"),
    )
    op.create_index("claim_document_id", "claim", ["document_id"])
    op.create_index("claim_events", "claim", ["events"], postgresql_using="gin")
    op.create_index(
        "claim_responds_to", "claim", ["responds_to"], postgresql_where=sa.text("responds_to IS NOT NULL")
    )
    op.create_index("claim_role_verification", "claim", ["role", "verification"])
    op.create_table(
        "estimate",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=True),
        sa.Column("best", sa.Integer(), nullable=True),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since_version", sa.BigInteger(), nullable=False),
        sa.Column("until_version", sa.BigInteger(), server_default=_OPEN, nullable=False),
        sa.CheckConstraint("basis IN ('stated', 'counted', 'named', 'summed', 'coded')", name="basis"),
        sa.CheckConstraint(
            """\"group\" IN ('all', 'civilians', 'combatants', 'children', 'women', 'men', 'health_workers', 'aid_workers', 'journalists', 'unknown')""",
            name="group",
        ),
        sa.CheckConstraint(
            "harm IN ('killed', 'injured', 'casualties', 'missing', 'abducted', 'detained', 'displaced')",
            name="harm",
        ),
        sa.CheckConstraint(
            "state IN ('reported', 'explicit_zero', 'zero_or_not_reported', 'not_reported', 'vague')",
            name="state",
        ),
        sa.CheckConstraint(
            "state NOT IN ('not_reported', 'vague') OR (low IS NULL AND best IS NULL AND high IS NULL)",
            name="numbers",
        ),
        sa.CheckConstraint("low <= high AND low <= best AND best <= high", name="order"),
        sa.CheckConstraint("since_version < until_version", name="versions"),
        sa.PrimaryKeyConstraint("id", "until_version", name="estimate_pkey"),
    )
    op.create_index(
        "estimate_claim_id", "estimate", ["claim_id"], postgresql_where=sa.text("claim_id IS NOT NULL")
    )
    op.create_index("estimate_event_id", "estimate", ["event_id"])
    op.create_table(
        "assessment",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since_version", sa.BigInteger(), nullable=False),
        sa.Column("until_version", sa.BigInteger(), server_default=_OPEN, nullable=False),
        sa.CheckConstraint("scheme IN ('verification', 'airwars', 'admiralty')", name="scheme"),
        sa.CheckConstraint("since_version < until_version", name="versions"),
        sa.PrimaryKeyConstraint("id", "until_version", name="assessment_pkey"),
    )
    op.create_index("assessment_event_id", "assessment", ["event_id"])
    op.create_table(
        "figure",
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("period_words", sa.Text(), nullable=True),
        sa.Column("change_percent", sa.Float(), nullable=True),
        sa.Column("change_first_day", sa.Date(), nullable=True),
        sa.Column("change_last_day", sa.Date(), nullable=True),
        sa.Column("change_words", sa.Text(), nullable=True),
        sa.Column("claimant", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("said_first", sa.Date(), nullable=True),
        sa.Column("said_last", sa.Date(), nullable=True),
        sa.Column("said_words", sa.Text(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("events", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since_version", sa.BigInteger(), nullable=False),
        sa.Column("until_version", sa.BigInteger(), server_default=_OPEN, nullable=False),
        sa.CheckConstraint(
            "metric IN ('killed', 'injured', 'casualties', 'displaced', 'injured_treated', 'population')",
            name="metric",
        ),
        sa.CheckConstraint(
            "qualifier IN ('exactly', 'about', 'more_than', 'at_least', 'less_than', 'at_most')",
            name="qualifier",
        ),
        sa.CheckConstraint(
            "role IN ('party_to_conflict', 'official', 'witness', 'medical', 'ngo_monitor', 'intergovernmental', 'researcher', 'media', 'other')",
            name="role",
        ),
        sa.CheckConstraint(
            "verification IN ('not_stated', 'explicitly_unverified', 'partly_verified', 'publisher_verified')",
            name="verification",
        ),
        sa.CheckConstraint("(value IS NULL) <> (low IS NULL AND high IS NULL)", name="value"),
        sa.CheckConstraint("first_day <= last_day", name="period"),
        sa.CheckConstraint("low <= high", name="range"),
        sa.CheckConstraint("since_version < until_version", name="versions"),
        sa.PrimaryKeyConstraint("id", "until_version", name="figure_pkey"),
    )
    op.create_index("figure_document_id", "figure", ["document_id"])
    op.create_index(
        "figure_newest",
        "figure",
        [sa.text("last_day DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("until_version = 9223372036854775807"),
    )
    op.create_index("figure_region", "figure", ["region"])
    op.create_table(
        "event_link",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since_version", sa.BigInteger(), nullable=False),
        sa.Column("until_version", sa.BigInteger(), server_default=_OPEN, nullable=False),
        sa.CheckConstraint(
            "kind IN ('part_of', 'same_as', 'follows', 'retaliates_for', 'related')",
            name="kind",
        ),
        sa.CheckConstraint("event_id <> other_id", name="other"),
        sa.CheckConstraint("since_version < until_version", name="versions"),
        sa.PrimaryKeyConstraint("id", "until_version", name="event_link_pkey"),
    )
    op.create_index("event_link_event_id", "event_link", ["event_id"])
    op.create_index("event_link_other_id", "event_link", ["other_id"])


def _snapshots() -> None:
    """Questions that are kept."""
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("sha256_of_question", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("row_form", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="snapshot_pkey"),
    )
    op.create_index(
        "snapshot_sha256_of_question_version", "snapshot", ["sha256_of_question", "version"], unique=True
    )
