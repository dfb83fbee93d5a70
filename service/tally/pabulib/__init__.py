"""The .pb format of Pabulib: one text file with the rules, projects and ballots of one pot of money.

Source of the format: https://pabulib.org/format; Faliszewski et al., "Participatory Budgeting: Data, Tools, and
Analysis", IJCAI 2023.
"""

from service.tally.pabulib.document import Document
from service.tally.pabulib.findings import Finding, PabulibError
from service.tally.pabulib.reader import read
from service.tally.pabulib.writer import write

__all__ = ["Document", "Finding", "PabulibError", "read", "write"]
