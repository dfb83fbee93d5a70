"""A calculator's draft seen as residents would, taken away and brought in as a file; and the comments on plans, for a moderator."""

import json

import pytest

from service.calculator import actions, queries
from service.calculator.models import CommentState, SubmittedPlan
from service.core.actor import Role
from tests import make
from tests.calculator import small
from tests.web.test_processes_desk import errors, sent_by
from tests.web.visitor import Visitor, words

AT = "/balance"


@pytest.fixture
async def calculator(session):
    return await small.calculator(session, published=False)


@pytest.fixture
async def visitor(client, session, calculator):
    visitor = Visitor(client, session, "/fi/desk/calculator")
    await visitor.enter(await make.staff(session, Role.EDITOR))
    return visitor


async def upload(visitor, content: bytes):
    return await visitor.post(
        f"{AT}/file", files={"file": ("luvut.json", content, "application/json")}, act="upload"
    )


def kept(page) -> dict[str, object]:
    return sent_by(page.text.partition("<main")[2].partition("</form>")[0])


# --- the preview


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_page_opens_in_every_language(visitor, language):
    for page in ("/preview", "/file"):
        assert (await visitor.get(f"/{language}/desk/calculator{AT}{page}")).status_code == 200, page


async def test_the_preview_is_tried_and_nothing_is_kept(session, visitor, calculator):
    page = await visitor.get(f"{AT}/preview")
    assert "Lever school (fi)" in words(page)
    assert 'method="get"' in page.text
    tried = words(await visitor.get(f"{AT}/preview?lever.school=merge&lever.hours=-20"))
    assert "Lever school (fi) Option merge (fi)" in tried
    assert tried != words(page)
    nonsense = await visitor.get(f"{AT}/preview?lever.school=sell&lever.tax=nan&step=x:+1&undo=%00")
    assert nonsense.status_code == 200
    await session.refresh(calculator)
    assert calculator.version == 2


async def test_what_is_not_whole_has_no_preview(session, visitor, calculator):
    draft = small.draft(target=None)
    await actions.write(session, calculator, draft, "target", version=calculator.version, by=small.SYSTEM)
    assert "Katsottavaa ei vielä ole" in words(await visitor.get(f"{AT}/preview"))
    assert "Ei vielä mahdollista" in words(await visitor.get(AT))


# --- the file


async def test_a_draft_goes_out_and_comes_in_the_same(session, visitor, calculator):
    answer = await visitor.get(f"{AT}/figures.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="balance.json"'
    other = await small.calculator(session, slug="other", published=False)
    await actions.write(
        session,
        other,
        small.draft(levers=[], rules=[], interactions=[]),
        "levers",
        version=2,
        by=small.SYSTEM,
    )
    shown = await visitor.post(
        "/other/file", files={"file": ("x.json", answer.content, "application/json")}, act="upload"
    )
    assert "Keinot 0 6" in words(shown)
    await session.refresh(other)
    assert queries.draft(other).levers == ()
    assert (await visitor.post("/other/file", **kept(shown))).headers[
        "location"
    ] == "/fi/desk/calculator/other?done=saved"
    await session.refresh(other)
    assert queries.draft(other) == small.draft()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Valitse lukujen tiedosto."),
        (b"\xff\xfe", "Tämä ei ole lukujen tiedosto, sillä se ei ole JSON-muotoa."),
        (b'{"levers": [{"key": "A"}]}', "Tämä ei ole lukujen tiedosto. Tätä kohtaa ei voi lukea: levers.0.key"),
        (b'{"secret": 1}', "Tämä ei ole lukujen tiedosto. Tätä kohtaa ei voi lukea: secret"),
        (b'{"target": {"year": 2027, "result": NaN}}', "Tämä ei ole lukujen tiedosto"),
        (b"[" * 100_000, "Tämä ei ole lukujen tiedosto"),
    ],
)  # fmt: skip
async def test_a_file_that_is_none_is_told(session, visitor, calculator, content, told):
    answer = await upload(visitor, content)
    assert answer.status_code == 422
    assert errors(answer)[0].startswith(told)
    await session.refresh(calculator)
    assert queries.draft(calculator) == small.draft()


async def test_forged_figures_and_figures_of_two_windows(session, visitor, calculator):
    content = json.dumps(small.draft(target={"year": 2027}).model_dump(mode="json")).encode()
    form = kept(await upload(visitor, content))
    assert (await visitor.post(f"{AT}/file", **form | {"figures": "{"})).status_code == 422
    draft = small.draft(rules=[])
    await actions.write(session, calculator, draft, "rules", version=calculator.version, by=small.SYSTEM)
    answer = await visitor.post(f"{AT}/file", **form)
    assert answer.status_code == 409
    await session.refresh(calculator)
    assert queries.draft(calculator) == draft
    assert (await visitor.post(f"{AT}/file", **kept(answer))).status_code == 303


async def test_the_draft_is_for_those_who_look_after_the_round(session, visitor):
    await visitor.enter(await make.staff(session, Role.EDITOR, await make.process(session)))
    for page in ("/preview", "/figures.json", "/file"):
        assert (await visitor.get(f"{AT}{page}")).status_code == 403, page
    assert (await visitor.post(f"{AT}/file", act="keep")).status_code == 403
    visitor.leave()
    answer = await visitor.get(f"{AT}/figures.json", follow=False)
    assert answer.headers["location"].startswith("/fi/sign-in")


# --- comments


@pytest.fixture
async def plan(session, calculator):
    await actions.publish(session, calculator, version=calculator.version, by=small.SYSTEM)
    made = SubmittedPlan(
        key=b"k" * 16,
        calculator_id=calculator.id,
        specification=str(calculator.specification),
        choices={"hours": "-10"},
        missing=0,
        result=0,
        comment="<b>Hyvä laskuri.</b>",
        comment_state=CommentState.WAITING,
    )
    session.add(made)
    await session.flush()
    return made


@pytest.fixture
async def moderator(session, visitor):
    await visitor.enter(await make.staff(session, Role.MODERATOR))
    return visitor


async def test_a_moderator_finds_what_waits_and_publishes_it(session, moderator, plan):
    assert "1 odottaa" in words(await moderator.get("/fi/desk"))
    assert "1 kommentti odottaa" in words(await moderator.get("/"))
    page = await moderator.get(f"{AT}/comments")
    assert "&lt;b&gt;Hyvä laskuri.&lt;/b&gt;" in page.text
    answer = await moderator.post(f"{AT}/comments", **kept(page) | {"decision": "publish"})
    assert answer.headers["location"] == f"/fi/desk/calculator{AT}/comments?done=published"
    await session.refresh(plan)
    assert plan.comment_state is CommentState.PUBLISHED
    assert "Kommentteja ei odota. Julkaistut kommentit" in words(await moderator.get(f"{AT}/comments"))


async def test_a_comment_is_rejected_and_decided_once(session, moderator, plan):
    form = kept(await moderator.get(f"{AT}/comments"))
    await moderator.post(f"{AT}/comments", **form | {"decision": "reject"})
    await session.refresh(plan)
    assert plan.comment_state is CommentState.REJECTED
    again = await moderator.post(f"{AT}/comments", **form | {"decision": "publish"})
    assert again.status_code == 409
    await session.refresh(plan)
    assert plan.comment_state is CommentState.REJECTED
    assert "Hyvä laskuri" not in (await moderator.get(f"{AT}/comments")).text


async def test_no_decision_and_no_plan_are_told(session, moderator, plan):
    form = kept(await moderator.get(f"{AT}/comments"))
    answer = await moderator.post(f"{AT}/comments", **form)
    assert errors(answer) == ["Valitse, julkaistaanko kommentti."]
    assert f'href="#decision-{plan.key.hex()}"' in answer.text
    for key in ("", "x", "00" * 16, "k" * 32):
        answer = await moderator.post(f"{AT}/comments", plan=key, decision="publish")
        assert answer.status_code == 404, key


async def test_comments_are_for_their_moderators(session, visitor, plan):
    page = f"{AT}/comments"
    for person in (
        await make.resident(session),
        await make.staff(session, Role.EDITOR),
        await make.staff(session, Role.ADMINISTRATOR),
        await make.staff(session, Role.MODERATOR, await make.process(session)),
    ):
        await visitor.enter(person)
        assert (await visitor.get(page)).status_code == 403
        assert (await visitor.post(page, plan=plan.key.hex(), decision="publish")).status_code == 403
    visitor.leave()
    assert (await visitor.get(page, follow=False)).headers["location"].startswith("/fi/sign-in")
    await session.refresh(plan)
    assert plan.comment_state is CommentState.WAITING
