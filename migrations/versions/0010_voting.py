"""The roll, the ballot, the box."""

revision = "0010_voting"
down_revision = "0009_evaluation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
