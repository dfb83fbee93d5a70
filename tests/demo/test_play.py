"""How the story is played: on any day, the same everywhere, and by actions alone."""

import ast
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import service.demo
from service.core.clock import HELSINKI
from service.demo import drawing, electorate, player
from service.demo import story as told
from service.demo.calendar import Calendar
from service.demo.lives import lives
from service.demo.stage import Act
from service.demo.story import Point
from tests.demo.story import MILESTONES, PROCESSES, PROPOSALS, VOTES, WHOLE_CITY

FOLDER = Path(service.demo.__file__).parent
DAYS = [
    datetime(2027, 1, 1, 0, 0, 5, tzinfo=HELSINKI),  # the first seconds of a year
    datetime(2027, 3, 28, 4, 30, tzinfo=HELSINKI),  # clocks went forward an hour ago
    datetime(2027, 10, 31, 3, 30, tzinfo=HELSINKI, fold=1),  # and back
    datetime(2028, 2, 29, 23, 59, tzinfo=HELSINKI),
]


@pytest.fixture(params=DAYS, ids=lambda day: f"{day:%d.%m.%Y}")
def calendar(request: pytest.FixtureRequest) -> Calendar:
    return Calendar(request.param.astimezone(UTC))


@pytest.fixture
def story(calendar: Calendar) -> told.Story:
    return told.read(calendar.today)


def test_nothing_of_the_story_is_in_the_future(story: told.Story, calendar: Calendar):
    acts = list(player.acts(story, calendar))
    assert len(acts) > 3_000
    assert max(act.moment for act in acts) <= calendar.now


def test_a_proposal_is_sent_before_it_is_decided_and_public_before_it_is_discussed(
    story: told.Story, calendar: Calendar
):
    acts = sorted(player.acts(story, calendar), key=lambda act: act.moment)
    found = lives(story, calendar)
    for life in found.values():
        moments = [life.begun, life.submitted, *(moment for _, moment in life.steps)]
        assert moments == sorted(moments), life.script.key
    for act in acts:
        name, given = who(act)
        if name == "comment":
            assert found[given["script"].proposal].published <= act.moment
        if name == "support":
            assert found[given["key"]].published <= act.moment


def who(act: Act) -> tuple[str, dict]:
    """The name of what is played, and what it is given."""
    if isinstance(act.play, partial):
        return act.play.func.__name__, act.play.keywords
    return act.play.__name__, {}


def test_opening_hours_are_those_of_helsinki_whatever_the_clocks_do(calendar: Calendar):
    for day in range(-400, 400):
        moment = calendar.at(Point(day=day, time="09:00:00"))
        here = moment.astimezone(HELSINKI)
        assert (here.hour, here.minute, here.date()) == (9, 0, calendar.today + timedelta(days=day))


@pytest.mark.parametrize(
    "process",
    [key for key, process in PROCESSES.items() if key in VOTES and process["ballot_type"] == "approval"],
)
def test_votes_are_dealt_exactly(story: told.Story, calendar: Calendar, process: str):
    (script,) = (vote for vote in story.votes if vote.process == process)
    choices = electorate.choices(story, script, calendar)
    most = story.processes[process].max_choices

    assert Counter(project for chosen in choices.values() for project in chosen) == VOTES[process]["projects"]
    assert len(choices) == sum(VOTES[process]["voters"].values())
    homes = {one.key: one.area for one in story.residents}
    for voter, chosen in choices.items():
        places = Counter(PROPOSALS[project]["area"] for project in chosen)
        assert places.keys() <= {homes.get(voter) or voter.split()[0], WHOLE_CITY}
        assert max(places.values()) <= most


def test_a_knapsack_is_never_overfull(story: told.Story, calendar: Calendar):
    (script,) = (vote for vote in story.votes if vote.weight)
    choices = electorate.choices(story, script, calendar)
    budget = story.processes[script.process].budget.whole_city

    assert len(choices) == sum(script.voters.values())
    assert all(choices.values())
    for chosen in choices.values():
        assert sum(PROPOSALS[project]["evaluation"]["cost_high"] for project in chosen) <= budget


def test_nobody_votes_who_is_too_young_in_the_year_of_the_vote(story: told.Story, calendar: Calendar):
    ages = {one.key: one.age for one in story.residents}
    for script in story.votes:
        years = calendar.today.year - calendar.day(electorate.day(story, script)).year
        least = story.processes[script.process].minimum_age
        voters = electorate.choices(story, script, calendar)
        assert all(ages[voter] - years >= least for voter in voters if voter in ages)


PLAN = """
from datetime import UTC, datetime
from hashlib import sha256
from service.demo import drawing, electorate, player, story as told
from service.demo.calendar import Calendar

calendar = Calendar(datetime(2027, 5, 5, 12, tzinfo=UTC))
story = told.read(calendar.today)
content = sha256()
for act in sorted(player.acts(story, calendar), key=lambda act: act.moment):
    keywords = {} if act.apart else getattr(act.play, "keywords", {})
    given = sorted((name, str(getattr(value, "key", value))) for name, value in keywords.items())
    content.update(repr((act.moment, given)).encode())
for vote in story.votes:
    choices = electorate.choices(story, vote, calendar)
    content.update(repr([(voter, sorted(chosen)) for voter, chosen in choices.items()]).encode())
for proposal in list(story.proposals.values())[:40]:
    if proposal.picture:
        content.update(drawing.draw(proposal.key, proposal.picture.scene))
print(content.hexdigest())
"""


def test_the_story_is_the_same_everywhere():
    """Chance is seeded, and nothing hangs on the order of a set."""
    made = {
        subprocess.run(
            [sys.executable, "-c", PLAN],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(made) == 1


def test_every_word_of_every_scene_is_drawn():
    scenes = [one["picture"]["scene"] for one in [*PROPOSALS.values(), *MILESTONES] if "picture" in one]
    plain = drawing.draw("key", ())
    for word in {word for scene in scenes for word in scene}:
        assert drawing.draw("key", (word,)) != plain, word


def test_a_picture_is_the_same_each_time_and_another_for_another_key():
    scene = ("trees", "people", "sea")
    assert drawing.draw("one", scene) == drawing.draw("one", scene) != drawing.draw("two", scene)


# --- by actions alone

WRITES = {"add", "add_all", "delete", "merge", "exec", "execute", "scalar", "flush", "commit"}
PERMITTED = {"actions", "queries", "models", "rules", "parts"}
"""Of a slice, beside engine files and the secret acts; what is written there is written by its actions."""
ENGINES = {
    "service.voting.ballot",
    "service.voting.seal",
    *(
        f"service.calculator.{name}"
        for name in ("budget_file", "engine", "plans", "projection", "specification")
    ),
}


def modules() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text())) for path in sorted(FOLDER.glob("*.py"))]


def test_the_demo_writes_nothing_itself():
    written = [
        f"{path.name}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and ast.unparse(node.func.value).endswith("session")
    ]
    assert written == []


def test_the_demo_imports_of_a_slice_only_what_acts_asks_and_names():
    slices = {path.parent.name for path in FOLDER.parent.glob("*/models.py")}
    strange = []
    for path, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("service."):
                continue
            parts = str(node.module).split(".")
            if parts[1] not in slices or node.module in ENGINES:
                continue
            names = {parts[2]} if len(parts) > 2 else {alias.name for alias in node.names}
            names -= {name for name in names if f"{node.module}.{name}" in ENGINES}
            strange += [f"{path.name}: {node.module} {name}" for name in names - PERMITTED]
    assert strange == []


def test_the_demo_speaks_no_sql():
    imported = {
        alias.name
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in {"sqlalchemy", "sqlmodel"}
        for alias in node.names
    }
    assert imported <= {"AsyncSession", "event"}
