"""HTML, one file per slice; templates carry the same names."""
