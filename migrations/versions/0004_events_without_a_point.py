"""Events without a point have an index: a box looks for them beside those in it.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("event", "event_revision"):
        op.create_index(
            f"{table}_without_point",
            table,
            ["geom"],
            postgresql_using="gist",
            postgresql_where=sa.text("geom IS NULL"),
        )


def downgrade() -> None:
    for table in ("event", "event_revision"):
        op.drop_index(f"{table}_without_point", table_name=table)
