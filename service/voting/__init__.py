"""The roll, the ballot, the box. Read docs/decisions/0002-secrecy.md before touching it."""
