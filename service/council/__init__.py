"""Council groups and who belongs to them."""
