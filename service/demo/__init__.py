"""A city's whole year, told through actions; only the command line may import it."""
