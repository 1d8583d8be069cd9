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
        _drop(table)
        op.create_index(f"{table}_newest", table, [*_NEWEST, "last_day", *versions])
        op.create_index(f"{table}_long", table, [_LONG_UNTIL, "first_day"])


def downgrade() -> None:
    for table, versions in _VERSIONS.items():
        op.drop_index(f"{table}_without_point", table_name=table)
        _drop(table)
        op.create_index(f"{table}_newest", table, [*_NEWEST, *versions])
        op.create_index(f"{table}_long", table, [_LONG_UNTIL])


def _drop(table: str) -> None:
    for name in ("newest", "long"):
        op.drop_index(f"{table}_{name}", table_name=table)
