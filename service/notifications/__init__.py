"""Who is told what: followers, authors, and their mails."""
