"""Calculators, their specifications, and the plans people made (docs/decisions/0006-calculator.md)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_calculator"
down_revision = "0013_council"
branch_labels = None
depends_on = None

SPECIFICATION_STAYS = """
create function specification_stays() returns trigger language plpgsql as $$
begin
  raise exception 'a published specification is never altered'
    using errcode = 'check_violation', constraint = 'specification_stays';
end $$
"""

ACTIVITIES = (
    "activities <@ array['propose', 'support', 'comment', 'evaluate', 'vote', 'count', 'implement'{}]"
)


def upgrade() -> None:
    op.create_table(
        "calculator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(), nullable=False),
        sa.Column("summary", postgresql.JSONB(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft", postgresql.JSONB(), nullable=False),
        sa.Column("specification", sa.String(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.CheckConstraint("opens_at < closes_at", name="closes_after_it_opens"),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name="fk_calculator_process_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calculator"),
        sa.UniqueConstraint("slug", name="uq_calculator_slug"),
    )
    op.create_index("ix_calculator_process_id", "calculator", ["process_id"])
    op.create_table(
        "calculator_specification",
        sa.Column("calculator_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("puntari_now()"),
            nullable=False,
        ),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"),
        sa.ForeignKeyConstraint(
            ["calculator_id"], ["calculator.id"], name="fk_calculator_specification_calculator_id"
        ),
        sa.PrimaryKeyConstraint("calculator_id", "digest", name="pk_calculator_specification"),
    )
    op.execute(SPECIFICATION_STAYS)
    op.execute(
        "create trigger specification_stays before update or delete on calculator_specification "
        "for each row execute function specification_stays()"
    )
    op.drop_constraint(op.f("ck_phase_activities"), "phase")
    op.create_check_constraint("activities", "phase", ACTIVITIES.format(", 'balance'"))
    # No foreign keys: checking one would mark the other table's row with the submitting transaction.
    op.create_table(
        "plan_box",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("calculator_id", sa.Uuid(), nullable=False),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), nullable=False),
        sa.Column("missing", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("comment", sa.String(2000), nullable=False),
        sa.Column("comment_state", sa.Text(), nullable=True),
        sa.CheckConstraint("missing >= 0", name="missing"),
        sa.CheckConstraint("(comment = '') = (comment_state is null)", name="comment_state"),
        sa.PrimaryKeyConstraint("key", name="pk_plan_box"),
    )
    op.create_index("ix_plan_box_calculator_id", "plan_box", ["calculator_id"])
    op.create_table(
        "saved_plan",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("calculator_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_saved_plan"),
    )
    op.create_index("ix_saved_plan_calculator_id", "saved_plan", ["calculator_id"])
    op.create_table(
        "plan_release",
        sa.Column("calculator_id", sa.Uuid(), nullable=False),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column(
            "released_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("puntari_now()"),
            nullable=False,
        ),
        sa.Column("plans", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("plans >= 10", name="plans"),
        sa.ForeignKeyConstraint(
            ["calculator_id", "specification"],
            ["calculator_specification.calculator_id", "calculator_specification.digest"],
            name="fk_plan_release_specification",
        ),
        sa.ForeignKeyConstraint(["calculator_id"], ["calculator.id"], name="fk_plan_release_calculator_id"),
        sa.PrimaryKeyConstraint("calculator_id", "specification", name="pk_plan_release"),
    )
    op.create_table(
        "group_plan",
        sa.Column("calculator_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), nullable=False),
        sa.Column("reason", postgresql.JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["calculator_id"], ["calculator.id"], name="fk_group_plan_calculator_id"),
        sa.ForeignKeyConstraint(["group_id"], ["council_group.id"], name="fk_group_plan_group_id"),
        sa.PrimaryKeyConstraint("calculator_id", "group_id", name="pk_group_plan"),
    )
    op.create_index("ix_group_plan_group_id", "group_plan", ["group_id"])
    op.create_table(
        "official_figure",
        sa.Column("business_id", sa.String(9), nullable=False),
        sa.Column("line", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(20), nullable=False),
        sa.Column("municipality", sa.String(80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("business_id", "line", "year", "phase", name="pk_official_figure"),
    )


def downgrade() -> None:
    for table in (
        "official_figure",
        "group_plan",
        "plan_release",
        "saved_plan",
        "plan_box",
        "calculator_specification",
        "calculator",
    ):
        op.drop_table(table)
    op.execute("drop function specification_stays()")
    op.drop_constraint(op.f("ck_phase_activities"), "phase")
    op.create_check_constraint("activities", "phase", ACTIVITIES.format(""))
