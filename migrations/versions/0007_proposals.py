"""Proposals with versions, co-authors, support and search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007_proposals"
down_revision = "0006_comments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("author_kind", sa.TEXT(), nullable=False),
        sa.Column("organisation", sa.String(120), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.String(5000), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("cost_wish_cents", sa.BigInteger(), nullable=True),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("picture_alt", sa.String(300), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lemma_version", sa.Integer(), nullable=False),
        sa.Column("search", postgresql.TSVECTOR(), nullable=True),
        sa.Column("trigrams", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_proposal_area_id"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name="fk_proposal_author_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_proposal_category_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["proposal.id"], name="fk_proposal_merged_into_id"),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name="fk_proposal_picture_id"),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name="fk_proposal_process_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_proposal_thread_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint("nonce", name="uq_proposal_nonce"),
        sa.UniqueConstraint("process_id", "number", name="uq_proposal_process_id_number"),
    )
    op.create_index("ix_proposal_area_id", "proposal", ["area_id"], unique=False)
    op.create_index("ix_proposal_author_id", "proposal", ["author_id"], unique=False)
    op.create_index("ix_proposal_category_id", "proposal", ["category_id"], unique=False)
    op.create_index("ix_proposal_merged_into_id", "proposal", ["merged_into_id"], unique=False)
    op.create_index("ix_proposal_picture_id", "proposal", ["picture_id"], unique=False)
    op.create_index("ix_proposal_thread_id", "proposal", ["thread_id"], unique=False)
    op.create_table(
        "coauthor",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_coauthor_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_coauthor_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name="pk_coauthor"),
    )
    op.create_index("ix_coauthor_account_id", "coauthor", ["account_id"], unique=False)
    op.create_table(
        "proposal_version",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.String(5000), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column(
            "written_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_proposal_version_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "number", name="pk_proposal_version"),
    )
    op.create_table(
        "support",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "given_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_support_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_support_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name="pk_support"),
    )
    op.create_index("ix_support_account_id", "support", ["account_id"], unique=False)
    op.create_check_constraint(
        "state",
        "proposal",
        "state in ('draft', 'submitted', 'returned', 'published', 'not_published', 'withdrawn', 'merged')",
    )
    op.create_check_constraint(
        "merged_has_target", "proposal", "(state = 'merged') = (merged_into_id is not null)"
    )
    op.create_check_constraint("cost_wish_cents", "proposal", "cost_wish_cents >= 0")
    op.create_index("ix_proposal_search", "proposal", ["search"], postgresql_using="gin")
    op.create_index("ix_proposal_trigrams", "proposal", ["trigrams"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_support_account_id", table_name="support")
    op.drop_table("support")
    op.drop_table("proposal_version")
    op.drop_index("ix_coauthor_account_id", table_name="coauthor")
    op.drop_table("coauthor")
    op.drop_index("ix_proposal_thread_id", table_name="proposal")
    op.drop_index("ix_proposal_picture_id", table_name="proposal")
    op.drop_index("ix_proposal_merged_into_id", table_name="proposal")
    op.drop_index("ix_proposal_category_id", table_name="proposal")
    op.drop_index("ix_proposal_author_id", table_name="proposal")
    op.drop_index("ix_proposal_area_id", table_name="proposal")
    op.drop_table("proposal")
