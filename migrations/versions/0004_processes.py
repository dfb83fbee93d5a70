"""Processes with their phases, areas, money and teams."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_processes"
down_revision = "0003_accounts"
branch_labels = None
depends_on = None

# Null: the ballot may still change. A ballot frozen before voting opens comes with the vote (0010).
BALLOT_FINAL_SINCE = """
create function ballot_final_since(process uuid) returns timestamptz language sql volatile as $$
  select opens_at from phase where process_id = process and 'vote' = any (activities) and opens_at <= puntari_now()
$$
"""

# Asked by whoever changes the ballot, who then holds the process until the commit: the ballot is not frozen in between.
MAY_CHANGE_BALLOT = """
create function may_change_ballot(of_process uuid) returns boolean language plpgsql as $$
begin
  perform from process where id = of_process for share;
  return ballot_final_since(of_process) is null;
end $$
"""

# The rules of a vote whose ballot is final stay, whoever asks and by whichever way.
RULES_ARE_FIXED = (
    """
create function refuse_new_rules() returns void language plpgsql as $$
begin
  raise exception 'the rules of a vote with a final ballot stay'
    using errcode = 'check_violation', constraint = 'voting_rules_are_fixed';
end $$
""",
    """
create function process_rules_are_fixed() returns trigger language plpgsql as $$
begin
  if (new.ballot_type, new.max_choices, new.area_rule, new.legal_basis, new.minimum_age, new.maximum_age)
      is distinct from
      (old.ballot_type, old.max_choices, old.area_rule, old.legal_basis, old.minimum_age, old.maximum_age)
      and not may_change_ballot(old.id) then
    perform refuse_new_rules();
  end if;
  return new;
end $$
""",
    """
create function budget_pot_rules_are_fixed() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and not may_change_ballot(old.process_id)
      or tg_op <> 'DELETE' and not may_change_ballot(new.process_id) then
    perform refuse_new_rules();
  end if;
  return coalesce(new, old);
end $$
""",
    """
create function phase_rules_are_fixed() returns trigger language plpgsql as $$
declare
  now_is timestamptz := puntari_now();
begin
  if not 'vote' = any (old.activities) or old.opens_at > now_is then
    return coalesce(new, old);
  end if;
  if tg_op = 'DELETE' or new.process_id <> old.process_id or new.opens_at <> old.opens_at
      or not 'vote' = any (new.activities)
      or new.closes_at <> old.closes_at and least(new.closes_at, old.closes_at) <= now_is then
    perform refuse_new_rules();
  end if;
  return new;
end $$
""",
    """
create trigger rules_are_fixed before update on process
  for each row execute function process_rules_are_fixed()
""",
    """
create trigger rules_are_fixed before insert or update or delete on budget_pot
  for each row execute function budget_pot_rules_are_fixed()
""",
    """
create trigger rules_are_fixed before update or delete on phase
  for each row execute function phase_rules_are_fixed()
""",
)


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
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("description", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plain_summary", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("voters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
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
        sa.Column("maximum_age", sa.Integer(), nullable=True),
        sa.Column("eligible_count", sa.Integer(), nullable=True),
        sa.Column("lot_seed", sa.String(200), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
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
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("activities", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name="fk_phase_process_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_phase"),
    )
    op.create_index("ix_phase_process_id", "phase", ["process_id"], unique=False)
    op.create_index(
        "uq_phase_vote",
        "phase",
        ["process_id"],
        unique=True,
        postgresql_where=sa.text("'vote' = any (activities)"),
    )
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
        "consent_age", "process", "legal_basis <> 'consent' or coalesce(minimum_age, 0) >= 13"
    )
    op.create_check_constraint(
        "max_choices", "process", "ballot_type <> 'approval' or coalesce(max_choices, 0) >= 1"
    )
    op.create_check_constraint("ages", "process", "minimum_age <= maximum_age")
    op.create_check_constraint("eligible_count", "process", "eligible_count >= 0")
    op.create_check_constraint(
        "activities",
        "phase",
        "activities <@ array['propose', 'support', 'comment', 'evaluate', 'vote', 'count', 'implement']",
    )
    op.execute(BALLOT_FINAL_SINCE)
    op.execute(MAY_CHANGE_BALLOT)
    for statement in RULES_ARE_FIXED:
        op.execute(statement)


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
    for function in (
        "process_rules_are_fixed()",
        "budget_pot_rules_are_fixed()",
        "phase_rules_are_fixed()",
        "refuse_new_rules()",
        "may_change_ballot(uuid)",
        "ballot_final_since(uuid)",
    ):
        op.execute(f"drop function {function}")
    op.drop_table("category")
    op.drop_table("area")
