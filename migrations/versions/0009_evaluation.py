"""Assignments, evaluations and internal notes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_evaluation"
down_revision = "0008_moderation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("evaluator_id", sa.Uuid(), nullable=False),
        sa.Column(
            "assigned_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["account.id"], name="fk_assignment_evaluator_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_assignment_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "evaluator_id", name="pk_assignment"),
    )
    op.create_index("ix_assignment_evaluator_id", "assignment", ["evaluator_id"])
    op.create_table(
        "evaluation",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("feasibility", sa.TEXT(), nullable=False),
        sa.Column("reason", postgresql.JSONB(), nullable=False),
        sa.Column("cost_low_cents", sa.BigInteger(), nullable=True),
        sa.Column("cost_high_cents", sa.BigInteger(), nullable=True),
        sa.Column("maintenance_cents", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "evaluated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("puntari_now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_evaluation_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_evaluation"),
        sa.CheckConstraint("feasibility in ('undecided', 'feasible', 'not_feasible')", name="feasibility"),
        sa.CheckConstraint("0 <= cost_low_cents and cost_low_cents <= cost_high_cents", name="cost_range"),
        sa.CheckConstraint("0 <= maintenance_cents", name="maintenance"),
        sa.CheckConstraint(
            "feasibility <> 'feasible' or (cost_low_cents is not null and cost_high_cents is not null)",
            name="feasible_has_cost",
        ),
        sa.CheckConstraint("feasibility = 'undecided' or reason <> '{}'", name="decision_has_reason"),
    )
    op.create_table(
        "internal_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("text", sa.String(3000), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column(
            "written_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name="fk_internal_note_author_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_internal_note_proposal_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_internal_note"),
        sa.UniqueConstraint("nonce", name="uq_internal_note_nonce"),
    )
    op.create_index("ix_internal_note_author_id", "internal_note", ["author_id"])
    op.create_index("ix_internal_note_proposal_id", "internal_note", ["proposal_id"])


def downgrade() -> None:
    op.drop_table("internal_note")
    op.drop_table("evaluation")
    op.drop_table("assignment")
