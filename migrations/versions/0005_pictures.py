"""Pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0005_pictures"
down_revision = "0004_processes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uploader_id", sa.Uuid(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        sa.Column(
            "uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["account.id"], name="fk_picture_uploader_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_picture"),
    )
    op.create_index("ix_picture_uploader_id", "picture", ["uploader_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_picture_uploader_id", table_name="picture")
    op.drop_table("picture")
