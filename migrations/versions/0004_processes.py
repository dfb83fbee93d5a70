"""Processes with their phases, areas, money and teams."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_processes"
down_revision = "0003_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_area"),
        sa.UniqueConstraint("key", name="uq_area_key"),
    )
    op.create_table(
        "category",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_category"),
        sa.UniqueConstraint("key", name="uq_category_key"),
    )
    op.create_table(
        "process",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("description", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plain_summary", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("owner", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("legal_basis", sa.TEXT(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.Column("ballot_type", sa.TEXT(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=True),
        sa.Column("area_rule", sa.TEXT(), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("eligible_count", sa.Integer(), nullable=True),
        sa.Column("rules_fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lot_seed", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_process"),
        sa.UniqueConstraint("slug", name="uq_process_slug"),
    )
    op.create_table(
        "budget_pot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_budget_pot_area_id"),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name="fk_budget_pot_process_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_pot"),
        sa.UniqueConstraint(
            "process_id",
            "area_id",
            name="uq_budget_pot_process_id_area_id",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_budget_pot_area_id", "budget_pot", ["area_id"], unique=False)
    op.create_table(
        "phase",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("activities", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name="fk_phase_process_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_phase"),
    )
    op.create_index("ix_phase_process_id", "phase", ["process_id"], unique=False)
    op.create_table(
        "process_category",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_process_category_category_id"),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name="fk_process_category_process_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("process_id", "category_id", name="pk_process_category"),
    )
    op.create_index("ix_process_category_category_id", "process_category", ["category_id"], unique=False)
    op.create_table(
        "residence",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_residence_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_residence_area_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_residence"),
    )
    op.create_index("ix_residence_area_id", "residence", ["area_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.TEXT(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=True),
        sa.Column(
            "appointed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("puntari_now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_team_member_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name="fk_team_member_process_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_team_member"),
        sa.UniqueConstraint(
            "account_id",
            "role",
            "process_id",
            name="uq_team_member_account_id_role_process_id",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_team_member_account_id", "team_member", ["account_id"], unique=False)
    op.create_index("ix_team_member_process_id", "team_member", ["process_id"], unique=False)
    op.create_check_constraint("opens_before_it_closes", "phase", "opens_at < closes_at")
    op.create_check_constraint("cents", "budget_pot", "cents >= 0")
    op.create_check_constraint("ballot_type", "process", "ballot_type in ('approval', 'knapsack')")
    op.create_check_constraint("area_rule", "process", "area_rule in ('home', 'chosen', 'none')")
    op.create_check_constraint("legal_basis", "process", "legal_basis in ('public_task', 'consent')")
    op.create_check_constraint(
        "role",
        "team_member",
        "role in ('moderator', 'evaluator', 'editor', 'council_member', 'administrator')",
    )


def downgrade() -> None:
    op.drop_index("ix_team_member_process_id", table_name="team_member")
    op.drop_index("ix_team_member_account_id", table_name="team_member")
    op.drop_table("team_member")
    op.drop_index("ix_residence_area_id", table_name="residence")
    op.drop_table("residence")
    op.drop_index("ix_process_category_category_id", table_name="process_category")
    op.drop_table("process_category")
    op.drop_index("ix_phase_process_id", table_name="phase")
    op.drop_table("phase")
    op.drop_index("ix_budget_pot_area_id", table_name="budget_pot")
    op.drop_table("budget_pot")
    op.drop_table("process")
    op.drop_table("category")
    op.drop_table("area")
