"""Surveys of residents, staff and stakeholders: what is asked, who is shown what, what the answers may tell."""
