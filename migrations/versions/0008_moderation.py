"""Rulings, reports, appeals."""

revision = "0008_moderation"
down_revision = "0007_proposals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
