"""A draft that is no specification yet says why, in words of ours."""

import pytest
from pydantic import ValidationError

from service.calculator import gaps, rules
from tests.calculator import small

NOTHING = {"baseline": None, "target": None, "groups": [], "levers": [], "rules": [], "interactions": []}
TAX, SCHOOL, *OTHERS = small.LEVERS
YEAR_SHORT = {"baseline": small.draft().baseline.model_dump() | {"years": [small.year(2027, 1, -1)]}}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (NOTHING, ["The starting point is missing.", "The target is missing.", "There are no groups of choices.", "There are no choices."]),
        ({"target": {"year": 2050}}, ["The year of the target, 2050, is not among the years of the starting point."]),
        ({"groups": [{"key": "taxes", "name": small.words("Taxes")}]}, ["A choice stands in no group."] * 5),
        ({"levers": [TAX, *small.LEVERS]}, ["Two choices have the same code."]),
        ({"levers": [TAX, *OTHERS]}, [
            "Rule 1 names a choice or an option that is not there any more.",
            "Joint effect 1 names a choice or an option that is not there any more.",
            "Joint effect 2 names a choice or an option that is not there any more.",
        ]),
        ({"interactions": [small.INTERACTIONS[0] | {"lever": "gone"}]}, [
            "Joint effect 1 names a choice or an option that is not there any more.",
        ]),
        (YEAR_SHORT | {"target": {"year": 2027}}, [
            *["A choice has sums for other years than the starting point."] * 5,
            "Joint effect 3 has sums for other years than the starting point.",
        ]),
    ],
)  # fmt: skip
def test_whatever_is_no_specification_is_told(changed, told):
    draft = small.draft(**changed)
    with pytest.raises(ValidationError):
        rules.whole(draft)
    assert [finding.message % finding.parameters for finding in gaps.of_draft(draft)] == told


def test_a_finding_about_a_lever_names_it():
    draft = small.draft(groups=[{"key": "services", "name": small.words("Services")}])
    assert [finding.lever for finding in gaps.of_draft(draft)] == ["tax"]
