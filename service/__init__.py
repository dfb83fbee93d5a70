"""Puntari: participatory budgeting and resident engagement for Finnish municipalities."""
