"""The ground: what the database is for, the one clock, the public revision, the job queue, the demo's mailbox."""

import sqlalchemy as sa
from alembic import op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

revision = "0001_ground"
down_revision = None
branch_labels = None
depends_on = None

CLOCK = """
create function puntari_now() returns timestamptz language sql volatile as $$
  select clock_timestamp() + case
    when nullif(current_setting('puntari.shift', true), '') is null then interval '0'
    when (select kind from deployment) in ('demo', 'test') then current_setting('puntari.shift')::interval
    else interval '0'
  end
$$
"""

MARK = """
create function deployment_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'the deployment row stays';
  end if;
  if old.kind = 'production' and new.kind <> 'production' and exists (select from account) then
    raise exception 'a database with people in it cannot become a %', new.kind;
  end if;
  if old.identity_fingerprint <> coalesce(new.identity_fingerprint, '') then
    raise exception 'the people of this database are known by another key';
  end if;
  return new;
end $$
"""


def run_script(script: str) -> None:
    """The queue's own SQL, many statements in one text, in this migration's transaction."""
    op.get_bind().connection.run_async(lambda driver: driver.execute(script))


def upgrade() -> None:
    op.create_table(
        "deployment",
        sa.Column("only_row", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("identity_fingerprint", sa.LargeBinary),
        sa.CheckConstraint("only_row", name="one_row"),
        sa.CheckConstraint("kind in ('production', 'demo', 'test')", name="kind"),
    )
    op.execute("insert into deployment (kind) values ('production')")
    op.execute(CLOCK)
    op.execute(MARK)
    op.execute(
        "create trigger deployment_stays before update or delete on deployment "
        "for each row execute function deployment_stays()"
    )
    op.create_table(
        "public_revision",
        sa.Column("only_row", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("number", sa.BigInteger, nullable=False, server_default="1"),
        sa.CheckConstraint("only_row", name="one_row"),
    )
    op.execute("insert into public_revision default values")
    run_script(QueryBuilderEnvironment().build_install_query())
    op.create_table(
        "demo_mail",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("to", sa.String, nullable=False, index=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column(
            "sent_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("puntari_now()")
        ),
    )


def downgrade() -> None:
    op.drop_table("demo_mail")
    run_script(QueryBuilderEnvironment().build_uninstall_query())
    op.drop_table("public_revision")
    op.drop_table("deployment")
    op.execute("drop function deployment_stays()")
    op.execute("drop function puntari_now()")
