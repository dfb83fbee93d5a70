"""Rulings, reports, appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0008_moderation"
down_revision = "0007_proposals"
branch_labels = None
depends_on = None

GROUNDS = (
    "ground in ('personal_data', 'unclear', 'advertising', 'insulting', 'off_topic', 'not_the_citys', 'repeated', "
    "'picture', 'unlawful', 'false_name', 'other')"
)


def moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("puntari_now()"), nullable=nullable
    )


def thing(table: str, ondelete: str | None = None) -> list[sa.schema.SchemaItem]:
    """What a ruling or a report is about: exactly one proposal or comment."""
    return [
        sa.Column("process_id", sa.Uuid(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=f"fk_{table}_process_id"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=f"fk_{table}_proposal_id", ondelete=ondelete
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=f"fk_{table}_comment_id", ondelete=ondelete
        ),
        sa.CheckConstraint("num_nonnulls(proposal_id, comment_id) = 1", name="one_thing"),
    ]


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Uuid(), nullable=False),
        *thing("ruling"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("of_edit", sa.Boolean(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=True),
        moment("ruled_at"),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["account.id"], name="fk_ruling_moderator_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ruling"),
        sa.CheckConstraint("kind in ('publish', 'return', 'refuse', 'hide', 'keep', 'restore')", name="kind"),
        sa.CheckConstraint(GROUNDS, name="ground"),
        sa.CheckConstraint(
            "kind not in ('return', 'refuse', 'hide') or (ground is not null and reason <> '')",
            name="has_reason",
        ),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        *thing("report", ondelete="CASCADE"),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        moment("reported_at"),
        sa.Column("ruling_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["account.id"], name="fk_report_reporter_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["ruling_id"], ["ruling.id"], name="fk_report_ruling_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("nonce", name="uq_report_nonce"),
        sa.CheckConstraint(GROUNDS, name="ground"),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ruling_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(2000), nullable=False),
        moment("made_at"),
        sa.Column("second_ruling_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name="fk_appeal_author_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["ruling_id"], ["ruling.id"], name="fk_appeal_ruling_id"),
        sa.ForeignKeyConstraint(["second_ruling_id"], ["ruling.id"], name="fk_appeal_second_ruling_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.UniqueConstraint("ruling_id", name="uq_appeal_ruling_id"),
        sa.UniqueConstraint("second_ruling_id", name="uq_appeal_second_ruling_id"),
    )
    for table, columns in {
        "ruling": ("process_id", "proposal_id", "comment_id", "moderator_id", "ruled_at"),
        "report": ("process_id", "proposal_id", "comment_id", "reporter_id", "ruling_id"),
        "appeal": ("author_id",),
    }.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index(
        "uq_report_person",
        "report",
        ["reporter_id", "proposal_id", "comment_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("ruling_id is null and reporter_id is not null"),
    )
    # The moderator's account may go: its foreign key then empties that one column.
    op.execute(
        "create function ruling_stays() returns trigger language plpgsql as $$ begin "
        "if tg_op = 'UPDATE' and new.moderator_id is null "
        "and (to_jsonb(new) - 'moderator_id') = (to_jsonb(old) - 'moderator_id') then return new; end if; "
        "if tg_op = 'DELETE' and old.ruled_at < puntari_now() - interval '1 year' then return old; end if; "
        "raise exception 'a ruling is never altered: another follows it'; end $$"
    )
    op.execute(
        "create trigger ruling_stays before update or delete on ruling "
        "for each row execute function ruling_stays()"
    )
    op.execute(
        "create function appeal_has_another_moderator() returns trigger language plpgsql as $$ begin "
        "if exists (select from ruling one join ruling other on other.moderator_id = one.moderator_id "
        "where one.id = new.ruling_id and other.id = new.second_ruling_id) then "
        "raise exception 'another moderator takes the second look'; end if; return new; end $$"
    )
    op.execute(
        "create trigger appeal_has_another_moderator before insert or update on appeal "
        "for each row execute function appeal_has_another_moderator()"
    )


def downgrade() -> None:
    op.drop_table("appeal")
    op.drop_table("report")
    op.drop_table("ruling")
    op.execute("drop function appeal_has_another_moderator()")
    op.execute("drop function ruling_stays()")
