"""What happened, who did it, when. Knows no slice and holds nothing personal beyond the actor's id."""
