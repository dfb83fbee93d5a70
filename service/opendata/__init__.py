"""Everything that may be public, in forms others can use."""
