"""Published counts, what imported elections' files say, and milestones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_results"
down_revision = "0010_voting"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())

# What was published stays: a mistake is mended by a new count beside the old one.
RESULT_STAYS = """
create function result_stays() returns trigger language plpgsql as $$
begin
  raise exception 'a published result is never altered';
end $$
"""


def moment(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        moment("published_at"),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("lot_seed", sa.String(), nullable=True),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=True),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("reason", JSONB, nullable=False),
        sa.CheckConstraint("number = 1 or reason <> '{}'", name="correction_has_its_reason"),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name="fk_result_process_id"),
        sa.PrimaryKeyConstraint("id", name="pk_result"),
        sa.UniqueConstraint("process_id", "number", name="uq_result_process_id_number"),
    )
    op.create_table(
        "pot_result",
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("pot_id", sa.Uuid(), nullable=False),
        sa.Column("vote_type", sa.Text(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), nullable=False),
        sa.Column("spent_cents", sa.BigInteger(), nullable=False),
        sa.Column("ties", JSONB, nullable=False),
        sa.CheckConstraint("spent_cents <= budget_cents", name="within_budget"),
        sa.ForeignKeyConstraint(["pot_id"], ["budget_pot.id"], name="fk_pot_result_pot_id"),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name="fk_pot_result_result_id"),
        sa.PrimaryKeyConstraint("result_id", "pot_id", name="pk_pot_result"),
    )
    op.create_index("ix_pot_result_pot_id", "pot_result", ["pot_id"], unique=False)
    op.create_table(
        "project_result",
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pot_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric(), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=False),
        sa.Column("money_left_cents", sa.BigInteger(), nullable=True),
        sa.Column("short_by", sa.BigInteger(), nullable=True),
        sa.Column("fits_at_cents", sa.BigInteger(), nullable=True),
        sa.Column("displaced_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("verdict in ('won', 'did_not_fit', 'no_votes', 'left_out')", name="verdict"),
        sa.ForeignKeyConstraint(["pot_id"], ["budget_pot.id"], name="fk_project_result_pot_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_project_result_project_id"),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name="fk_project_result_result_id"),
        sa.PrimaryKeyConstraint("result_id", "project_id", name="pk_project_result"),
    )
    op.create_index("ix_project_result_pot_id", "project_result", ["pot_id"], unique=False)
    op.create_index("ix_project_result_project_id", "project_result", ["project_id"], unique=False)
    op.create_table(
        "imported_pot",
        sa.Column("pot_id", sa.Uuid(), nullable=False),
        sa.Column("vote_type", sa.Text(), nullable=False),
        sa.Column("max_length", sa.Integer(), nullable=True),
        sa.Column("meta", JSONB, nullable=False),
        sa.Column("details", JSONB, nullable=False),
        sa.ForeignKeyConstraint(["pot_id"], ["budget_pot.id"], name="fk_imported_pot_pot_id"),
        sa.PrimaryKeyConstraint("pot_id", name="pk_imported_pot"),
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("planned_start", sa.Date(), nullable=True),
        sa.Column("planned_end", sa.Date(), nullable=True),
        sa.Column("actual_start", sa.Date(), nullable=True),
        sa.Column("actual_end", sa.Date(), nullable=True),
        sa.Column("spent_cents", sa.BigInteger(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_section", sa.String(20), nullable=False),
        sa.Column("decision_case", sa.String(60), nullable=False),
        sa.Column("decision_link", sa.String(500), nullable=False),
        sa.Column("title", JSONB, nullable=False),
        sa.Column("text", JSONB, nullable=False),
        sa.Column("delay_reason", JSONB, nullable=False),
        sa.Column("decision_body", JSONB, nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("picture_alt", sa.String(300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        moment("changed_at"),
        sa.CheckConstraint("status in ('planned', 'in_progress', 'completed', 'stopped')", name="status"),
        sa.CheckConstraint("spent_cents >= 0", name="spent_cents"),
        sa.CheckConstraint("planned_start <= planned_end", name="planned"),
        sa.CheckConstraint("actual_start <= actual_end", name="actual"),
        sa.CheckConstraint("status <> 'completed' or actual_end is not null", name="completed_has_its_day"),
        sa.CheckConstraint(
            "status <> 'stopped' or (decision_body <> '{}' and decided_on is not null and decision_section <> '')",
            name="stopped_has_its_decision",
        ),
        sa.CheckConstraint("picture_id is null or picture_alt <> ''", name="picture_is_described"),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name="fk_milestone_picture_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_milestone_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_milestone"),
        sa.UniqueConstraint("nonce", name="uq_milestone_nonce"),
    )
    op.create_index("ix_milestone_picture_id", "milestone", ["picture_id"], unique=False)
    op.create_index("ix_milestone_project_id", "milestone", ["project_id"], unique=False)
    op.execute(RESULT_STAYS)
    for table in ("result", "pot_result", "project_result"):
        op.execute(
            f"create trigger stays before update or delete on {table} "
            "for each row execute function result_stays()"
        )


def downgrade() -> None:
    for table in ("milestone", "imported_pot", "project_result", "pot_result", "result"):
        op.drop_table(table)
    op.execute("drop function result_stays()")
