"""Every table, gathered for migrations and tests."""

from sqlmodel import SQLModel

import service.accounts.models
import service.audit.models
import service.calculator.models
import service.comments.models
import service.core.mail
import service.council.models
import service.evaluation.models
import service.moderation.models
import service.notifications.models
import service.pictures.models
import service.processes.models
import service.proposals.models
import service.results.models
import service.voting.models  # noqa: F401

metadata = SQLModel.metadata
