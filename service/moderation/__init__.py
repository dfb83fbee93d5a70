"""What is published, what is returned, what is hidden, why, and the second look."""
