"""Feasibility and cost: what the city's experts say of a proposal before it may stand on a ballot."""
