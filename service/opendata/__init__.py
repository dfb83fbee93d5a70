"""What anybody may take away and use: proposals and results as tables, elections in the field's format, in and out."""
