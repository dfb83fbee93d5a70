"""Council groups and their members."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013_council"
down_revision = "0012_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", postgresql.JSONB(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_council_group"),
        sa.UniqueConstraint("slug", name="uq_council_group_slug"),
    )
    op.create_table(
        "group_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["council_group.id"], name="fk_group_member_group_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_group_member_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "account_id", name="pk_group_member"),
    )
    op.create_index("ix_group_member_account_id", "group_member", ["account_id"])


def downgrade() -> None:
    op.drop_table("group_member")
    op.drop_table("council_group")
