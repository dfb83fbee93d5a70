"""A participatory-budgeting round: its phases, areas and money, its rules, its team, and who lives where."""
