"""What answering conflicts needs: the answers, the rules that answer, and who has a conflict before them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("conflicts", sa.Column("answer", sa.Integer(), nullable=True))
    op.add_column("conflicts", sa.Column("claimed_by", sa.String(), nullable=True))
    op.add_column("conflicts", sa.Column("claimed_at", sa.BigInteger(), nullable=True))
    op.add_column("conflicts", sa.Column("owner", sa.String(), nullable=True))
    op.add_column("conflicts", sa.Column("note", sa.String(), nullable=True))
    op.add_column("conflicts", sa.Column("until", sa.BigInteger(), nullable=True))
    lasts = sa.text("state != 'closed'")
    op.create_index("conflicts_lasting", "conflicts", ["id"], sqlite_where=lasts, postgresql_where=lasts)
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("conflict", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("needs", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ending", sa.String(), nullable=True),
    )
    op.create_index("answers_standing", "answers", ["target", "state"])
    op.create_index("answers_conflict", "answers", ["conflict"])
    op.create_index("answers_rule", "answers", ["rule"])
    op.create_table(
        "decision_rules",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("where", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=True),
        sa.Column("hits", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_hit_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("decision_rules_state", "decision_rules", ["target", "state"])
