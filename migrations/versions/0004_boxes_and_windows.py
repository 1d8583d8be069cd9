"""Indexes that spare a box its search for events without a point, and a window the events that were over before it.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEWEST = [sa.text("first_day DESC"), sa.text("id DESC")]
_VERSIONS = {"event": [], "event_revision": ["since_version", "until_version"]}
_LONG_UNTIL = sa.text("""(
CASE
    WHEN last_day > (first_day + 31) THEN last_day
    ELSE NULL::date
END)""")


def upgrade() -> None:
    for table, versions in _VERSIONS.items():
        op.create_index(
            f"{table}_without_point",
            table,
            ["geom"],
            postgresql_using="gist",
            postgresql_where=sa.text("geom IS NULL"),
        )
        _replace(table, "newest", [*_NEWEST, "last_day", *versions])
        _replace(table, "long", [_LONG_UNTIL, "first_day"])
        _analyze(table)


def downgrade() -> None:
    for table, versions in _VERSIONS.items():
        op.drop_index(f"{table}_without_point", table_name=table)
        _replace(table, "newest", [*_NEWEST, *versions])
        _replace(table, "long", [_LONG_UNTIL])
        _analyze(table)


def _replace(table: str, name: str, columns: list[str | sa.TextClause]) -> None:
    # Readers wait for the moment in which an index goes, and not while another is built.
    op.create_index(f"{table}_{name}_anew", table, columns)
    op.drop_index(f"{table}_{name}", table_name=table)
    op.execute(f"ALTER INDEX {table}_{name}_anew RENAME TO {table}_{name}")


def _analyze(table: str) -> None:
    # What is known of how long events last belongs to the index on it, and went with the old one.
    op.execute(f"ANALYZE {table}")
