"""Pictures people send, re-encoded and without their metadata, kept where both web processes and the backup have them."""
