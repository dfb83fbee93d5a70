"""Votes, projects on the ballot, and the four secret tables (docs/decisions/0002-secrecy.md)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_voting"
down_revision = "0009_evaluation"
branch_labels = None
depends_on = None

OPENED = "select opens_at from phase where process_id = process and 'vote' = any (activities) and opens_at <= puntari_now()"
FROZEN = "select frozen_at from vote where process_id = process"


def ballot_final_since(answer: str) -> str:
    return (
        "create or replace function ballot_final_since(process uuid) returns timestamptz language sql volatile "
        f"as $$ {answer} $$"
    )


# The ballot stays as it is once it is frozen, at the latest when voting opens, whoever asks and by whichever way.
PROJECT_IS_FROZEN = """
create function project_is_frozen() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and not may_change_ballot(old.process_id)
      or tg_op <> 'DELETE' and not may_change_ballot(new.process_id) then
    raise exception 'a final ballot stays'
      using errcode = 'check_violation', constraint = 'ballot_is_frozen';
  end if;
  return coalesce(new, old);
end $$
"""

# What is taken out of public is not voted on, unless the ballot is final.
ONLY_PUBLISHED_PROPOSALS = """
create function only_published_proposals() returns trigger language plpgsql as $$
begin
  if may_change_ballot(new.process_id) then
    delete from project where proposal_id = new.id;
  end if;
  return null;
end $$
"""

EVALUATION_IS_FROZEN = """
create function evaluation_is_frozen() returns trigger language plpgsql as $$
begin
  if not may_change_ballot((select process_id from proposal where id = new.proposal_id))
      and exists (select from project where proposal_id = new.proposal_id) then
    raise exception 'the evaluation of what stands on a final ballot stays'
      using errcode = 'check_violation', constraint = 'evaluation_is_frozen';
  end if;
  return new;
end $$
"""

POT_PAYS_ITS_PROJECTS = """
create function pot_pays_its_projects() returns trigger language plpgsql as $$
begin
  if exists (select from project where pot_id = new.id and cost_cents > new.cents) then
    raise exception 'a project of this pot costs more'
      using errcode = 'check_violation', constraint = 'pot_pays_its_projects';
  end if;
  return new;
end $$
"""

COUNTED_BALLOT_STAYS = """
create function counted_ballot_stays() returns trigger language plpgsql as $$
begin
  raise exception 'a counted ballot is never altered';
end $$
"""

# A cast locks the table before it looks at the clock and until it commits, so whoever gets this lock after the close knows that
# every ballot that was in time is there to be read. The inner block is undone, and with it the lock: nobody waits longer.
WAIT_FOR_CASTS = """
create function wait_for_casts() returns void language plpgsql as $$
begin
  begin
    lock table ballot_box in share mode;
    raise exception using errcode = 'PV001';
  exception when sqlstate 'PV001' then
    null;
  end;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "vote",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("box_public_key", sa.LargeBinary(), nullable=False),
        sa.Column(
            "frozen_at", sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=False
        ),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enrolled", sa.Integer(), nullable=True),
        sa.Column("ballots", sa.Integer(), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=True),
        sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keys_destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name="fk_vote_process_id"),
        sa.PrimaryKeyConstraint("process_id", name="pk_vote"),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("pot_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(200), nullable=True),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("cost_cents >= 0", name="cost_cents"),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_project_category_id"),
        sa.ForeignKeyConstraint(["pot_id"], ["budget_pot.id"], name="fk_project_pot_id"),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name="fk_project_process_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_project_proposal_id"),
        sa.PrimaryKeyConstraint("id", name="pk_project"),
        sa.UniqueConstraint("process_id", "number", name="uq_project_process_id_number"),
        sa.UniqueConstraint("proposal_id", name="uq_project_proposal_id"),
    )
    op.create_index("ix_project_category_id", "project", ["category_id"], unique=False)
    op.create_index("ix_project_pot_id", "project", ["pot_id"], unique=False)
    # The secret tables have no foreign keys: checking one would mark the other table's row with the cast's transaction.
    op.create_table(
        "electoral_roll",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_digest", sa.LargeBinary(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("process_id", "sign_in_digest", name="pk_electoral_roll"),
    )
    op.create_table(
        "ballot_draft",
        sa.Column("draft_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("draft_pseudonym", name="pk_ballot_draft"),
    )
    op.create_table(
        "ballot_box",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("process_id", "pseudonym", name="pk_ballot_box"),
    )
    op.create_table(
        "counted_ballot",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_digest", sa.LargeBinary(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("projects", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("points", postgresql.ARRAY(sa.Numeric()), nullable=True),
        sa.CheckConstraint("cardinality(points) = cardinality(projects)", name="points"),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name="fk_counted_ballot_process_id"),
        sa.PrimaryKeyConstraint("process_id", "receipt_digest", name="pk_counted_ballot"),
    )
    op.execute(ballot_final_since(f"select least(({FROZEN}), ({OPENED}))"))
    for function in (
        PROJECT_IS_FROZEN,
        ONLY_PUBLISHED_PROPOSALS,
        EVALUATION_IS_FROZEN,
        POT_PAYS_ITS_PROJECTS,
        COUNTED_BALLOT_STAYS,
        WAIT_FOR_CASTS,
    ):
        op.execute(function)
    op.execute(
        "create trigger is_frozen before insert or update or delete on project "
        "for each row execute function project_is_frozen()"
    )
    op.execute(
        "create trigger only_published_on_the_ballot after update of state on proposal for each row "
        "when (old.state = 'published' and new.state <> 'published') execute function only_published_proposals()"
    )
    op.execute(
        "create trigger is_frozen before insert or update on evaluation "
        "for each row execute function evaluation_is_frozen()"
    )
    op.execute(
        "create trigger pays_its_projects before update on budget_pot "
        "for each row execute function pot_pays_its_projects()"
    )
    op.execute(
        "create trigger stays before update or delete on counted_ballot "
        "for each row execute function counted_ballot_stays()"
    )


def downgrade() -> None:
    op.execute("drop trigger pays_its_projects on budget_pot")
    op.execute("drop trigger is_frozen on evaluation")
    op.execute("drop trigger only_published_on_the_ballot on proposal")
    op.execute(ballot_final_since(OPENED))
    for table in ("counted_ballot", "ballot_box", "ballot_draft", "electoral_roll", "project", "vote"):
        op.drop_table(table)
    for function in (
        "project_is_frozen()",
        "only_published_proposals()",
        "evaluation_is_frozen()",
        "pot_pays_its_projects()",
        "counted_ballot_stays()",
        "wait_for_casts()",
    ):
        op.execute(f"drop function {function}")
