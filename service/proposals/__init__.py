"""Residents' ideas for the city's money, from draft to ballot."""
