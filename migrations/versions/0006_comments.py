"""Threads and comments."""

import sqlalchemy as sa
from alembic import op

revision = "0006_comments"
down_revision = "0005_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name="fk_thread_process_id"),
        sa.PrimaryKeyConstraint("id", name="pk_thread"),
    )
    op.create_index("ix_thread_process_id", "thread", ["process_id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("text", sa.String(3000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column(
            "written_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name="fk_comment_author_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["comment.id"], name="fk_comment_parent_id"),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name="fk_comment_thread_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.UniqueConstraint("nonce", name="uq_comment_nonce"),
    )
    op.create_index("ix_comment_author_id", "comment", ["author_id"], unique=False)
    op.create_index("ix_comment_parent_id", "comment", ["parent_id"], unique=False)
    op.create_index("ix_comment_thread_id", "comment", ["thread_id"], unique=False)
    op.create_check_constraint("language", "comment", "language in ('fi', 'sv', 'en')")


def downgrade() -> None:
    op.drop_index("ix_comment_thread_id", table_name="comment")
    op.drop_index("ix_comment_parent_id", table_name="comment")
    op.drop_index("ix_comment_author_id", table_name="comment")
    op.drop_table("comment")
    op.drop_index("ix_thread_process_id", table_name="thread")
    op.drop_table("thread")
