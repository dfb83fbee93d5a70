"""What won and why, and what became of it."""
