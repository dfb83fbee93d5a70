"""Results and milestones."""

revision = "0011_results"
down_revision = "0010_voting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
