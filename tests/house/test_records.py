"""The lists an auditor reads name what there is: every table with its personal data, every file a requirement leans on."""

import csv
from pathlib import Path

import service.tables
from service.core.settings import CHECKOUT

QUEUE = "pgqueuer"  # the library's own table


def rows(name: str) -> list[dict[str, str]]:
    with (CHECKOUT / "docs" / name).open(newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_every_table_is_among_the_data_once_with_columns_that_exist() -> None:
    tables = service.tables.metadata.tables
    listed = [row["table"] for row in rows("data.csv")]
    assert sorted(listed) == sorted([*tables, QUEUE])
    unknown = {
        f"{row['table']}.{column}"
        for row in rows("data.csv")
        if row["table"] != QUEUE
        for column in row["columns"].split()
        if column not in tables[row["table"]].columns
    }
    assert unknown == set()


def test_whoever_a_row_points_to_is_personal_data() -> None:
    """A column that leads to an account is listed, and so is why it is kept."""
    listed = {row["table"]: row for row in rows("data.csv")}
    for name, table in service.tables.metadata.tables.items():
        people = {column.name for column in table.columns if column.references(_account_id())}
        assert people <= set(listed[name]["columns"].split()), name
        if people:
            assert all(
                listed[name][field] not in {"", "–"} for field in ("purpose", "legal_basis", "retention")
            )


def test_every_requirement_says_how_it_is_met_and_its_files_exist() -> None:
    for row in rows("asvs.csv"):
        assert row["state"] in {"met", "partly", "open", "operator", "not applicable"}, row
        assert row["how"], row
        files = row["files"].split()
        assert files or row["state"] != "met", row
        assert [name for name in files if not (CHECKOUT / Path(name)).exists()] == [], row["requirement"]


def _account_id():
    return service.tables.metadata.tables["account"].columns["id"]
