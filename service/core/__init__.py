"""The ground every slice stands on: no slice, no HTTP."""
