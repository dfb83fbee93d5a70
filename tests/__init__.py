"""FULL=1 (`make prove`) does all of what is otherwise done in part: every role in every language, every example, every kill."""

import os

FULL = bool(os.environ.get("FULL"))
