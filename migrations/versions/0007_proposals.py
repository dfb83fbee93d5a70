"""Proposals with versions, co-authors, support and search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007_proposals"
down_revision = "0006_comments"
branch_labels = None
depends_on = None

STATES = "'draft', 'submitted', 'returned', 'published', 'not_published', 'withdrawn', 'merged'"


def content(table: str) -> list[sa.schema.SchemaItem]:
    """What an author writes, the same in a proposal and in its versions."""
    return [
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.String(5000), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("cost_wish_cents", sa.BigInteger(), nullable=True),
        sa.Column("author_kind", sa.TEXT(), nullable=False),
        sa.Column("organisation", sa.String(120), nullable=False),
        sa.Column("picture_alt", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=f"fk_{table}_area_id"),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=f"fk_{table}_category_id"),
        sa.CheckConstraint("cost_wish_cents >= 0", name="cost_wish_cents"),
        sa.CheckConstraint("author_kind in ('person', 'association', 'company')", name="author_kind"),
    ]


def moment(name: str, *, default_now: bool = False) -> sa.Column[sa.DateTime]:
    default = sa.text("puntari_now()") if default_now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not default_now)


def upgrade() -> None:
    op.create_table(
        "proposal",
        *content("proposal"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        moment("created_at", default_now=True),
        moment("submitted_at"),
        moment("returned_at"),
        moment("published_at"),
        moment("withdrawn_at"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name="fk_proposal_author_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["proposal.id"], name="fk_proposal_merged_into_id"),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name="fk_proposal_picture_id"),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name="fk_proposal_process_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_proposal_thread_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint("nonce", name="uq_proposal_nonce"),
        sa.UniqueConstraint("process_id", "number", name="uq_proposal_process_id_number"),
        sa.CheckConstraint("language in ('fi', 'sv', 'en')", name="language"),
        sa.CheckConstraint(f"state in ({STATES})", name="state"),
        sa.CheckConstraint("(state = 'merged') = (merged_into_id is not null)", name="merged_has_target"),
        sa.CheckConstraint(
            "state not in ('published', 'merged') or published_at is not null", name="published_at"
        ),
    )
    for column in ("area_id", "author_id", "category_id", "merged_into_id", "picture_id", "thread_id"):
        op.create_index(f"ix_proposal_{column}", "proposal", [column])
    op.create_table(
        "proposal_version",
        *content("proposal_version"),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        moment("written_at", default_now=True),
        moment("returned_at"),
        moment("published_at"),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name="fk_proposal_version_picture_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_proposal_version_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "number", name="pk_proposal_version"),
    )
    for column in ("area_id", "category_id", "picture_id"):
        op.create_index(f"ix_proposal_version_{column}", "proposal_version", [column])
    op.create_index(
        "uq_proposal_version_waiting",
        "proposal_version",
        ["proposal_id"],
        unique=True,
        postgresql_where=sa.text("published_at is null"),
    )
    op.create_table(
        "proposal_search",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("lemmas", postgresql.TSVECTOR(), nullable=False),
        sa.Column("title_trigrams", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("trigrams", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("lemma_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_proposal_search_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_proposal_search"),
    )
    op.create_index("ix_proposal_search_lemma_version", "proposal_search", ["lemma_version"])
    op.create_index("ix_proposal_search_lemmas", "proposal_search", ["lemmas"], postgresql_using="gin")
    op.create_table(
        "coauthor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        moment("asked_at", default_now=True),
        moment("accepted_at"),
        moment("declined_at"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_coauthor_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_coauthor_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_coauthor"),
        sa.UniqueConstraint("proposal_id", "sign_in_digest", name="uq_coauthor_proposal_id_sign_in_digest"),
        sa.CheckConstraint("(accepted_at is null) = (account_id is null)", name="accepted_by"),
    )
    op.create_index("ix_coauthor_account_id", "coauthor", ["account_id"])
    op.create_index("ix_coauthor_sign_in_digest", "coauthor", ["sign_in_digest"])
    op.create_table(
        "support",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        moment("given_at", default_now=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_support_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_support_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name="pk_support"),
    )
    op.create_index("ix_support_account_id", "support", ["account_id"])


def downgrade() -> None:
    for table in ("support", "coauthor", "proposal_search", "proposal_version", "proposal"):
        op.drop_table(table)
