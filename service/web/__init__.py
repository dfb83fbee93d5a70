"""The front: the only place that speaks HTTP."""
