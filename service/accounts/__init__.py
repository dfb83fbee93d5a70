"""People: one-time codes, sessions, their own data, leaving."""
