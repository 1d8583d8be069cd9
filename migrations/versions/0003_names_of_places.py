"""Places can be found by any spelling, and say their name in the local script and whether a country is governed from them.

What is not known of the places that are there is filled in by the next seed, which writes all of them anew.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("place", sa.Column("local", sa.Text(), nullable=True))
    op.add_column("place", sa.Column("capital", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("place", sa.Column("names", sa.Text(), server_default="", nullable=False))
    op.execute("UPDATE place SET names = E'\\n' || array_to_string(folded, E'\\n') || E'\\n'")
    op.alter_column("place", "capital", server_default=None)
    op.alter_column("place", "names", server_default=None)
    op.create_index(
        "place_names", "place", ["names"], postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}
    )
    op.create_index(
        "place_population", "place", ["population"], postgresql_where=sa.text("population >= 100000")
    )


def downgrade() -> None:
    op.drop_index("place_population", table_name="place")
    op.drop_index("place_names", table_name="place")
    op.drop_column("place", "names")
    op.drop_column("place", "capital")
    op.drop_column("place", "local")
