"""Discussion: a thread belongs to the thing that holds its id; comments answer each other."""
