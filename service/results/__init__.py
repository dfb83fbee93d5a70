"""The count and what became of it: winners with their reasons, kept as they were published, and each winner's milestones."""
