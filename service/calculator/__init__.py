"""The balancing calculator: the city's budget over four years, what would change it, and the plans people make of that."""
