"""One proposal's page, to each who may see it; support and following; versions."""

import re

import pytest

from service.core.actor import Role
from service.evaluation.models import Evaluation, Feasibility
from service.moderation import actions as moderation
from service.moderation.models import Decision, Ground, Kind
from service.notifications import queries as following
from service.processes.models import Activity
from service.proposals import actions, queries
from service.proposals.models import AuthorKind, Idea, State
from tests import make
from tests.web.visitor import Visitor, h1, words

OPEN = [Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT]


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=OPEN)


@pytest.fixture
def visitor(client, session, process):
    return Visitor(client, session, f"/fi/processes/{process.slug}/proposals")


@pytest.fixture
async def aino(session):
    return await make.resident(session, name="Aino K.")


@pytest.fixture
async def proposal(session, process, aino):
    area = await make.area(session, "Harbour")
    return await make.proposal(
        session,
        process,
        aino,
        title="Penkkejä rantaan",
        area_id=area.id,
        address="Rantatie 1",
        cost_wish_cents=900_000,
    )


async def supports(session, proposal):
    return (await queries.detail(session, proposal, None)).supports


async def test_anybody_reads_a_published_proposal_and_its_page_may_be_kept(visitor, proposal):
    page = await visitor.get(f"/{proposal.number}-penkkeja-rantaan", follow=False)
    assert page.status_code == 200
    assert h1(page) == "Penkkejä rantaan"
    shown = words(page)
    for fact in (
        "Harbour (fi)",
        "Rantatie 1",
        "Aino K.",
        "9\xa0000\xa0€".replace("\xa0", " "),
        "Ei vielä kannatuksia",
    ):
        assert fact in shown
    assert page.headers["cache-control"] == "private, no-cache"
    assert 'name="csrf"' not in page.text


@pytest.mark.parametrize("tail", ["", "-vanha-otsikko", "-penkkeja-rantaan-2"])
async def test_a_wrong_tail_of_the_address_leads_to_the_right_one(visitor, proposal, tail):
    answer = await visitor.get(f"/{proposal.number}{tail}?reply=x", follow=False)
    assert answer.status_code == 301
    assert answer.headers["location"] == f"{visitor.home}/{proposal.number}-penkkeja-rantaan?reply=x"


@pytest.mark.parametrize("address", ["99999", "x", "0-x", "99999999999999999999", "-1", "1_0", "%00"])
async def test_an_address_of_nothing_is_not_found(visitor, proposal, address):
    assert (await visitor.get(f"/{address}")).status_code == 404


UNSEEN = [State.DRAFT, State.SUBMITTED, State.RETURNED, State.NOT_PUBLISHED, State.WITHDRAWN]


@pytest.mark.parametrize("state", UNSEEN)
async def test_what_is_not_public_is_there_for_its_author_alone(session, process, visitor, aino, state):
    secret = await make.proposal(session, process, aino, state=state, title="Salainen ehdotus")
    assert (await visitor.get(f"/{secret.number}")).status_code == 404
    await visitor.enter(await make.resident(session))
    assert (await visitor.get(f"/{secret.number}")).status_code == 404
    await visitor.enter(aino)
    page = await visitor.get(f"/{secret.number}")
    assert (page.status_code, h1(page)) == (200, "Salainen ehdotus")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.DRAFT, 404),
        (State.SUBMITTED, 200),
        (State.RETURNED, 200),
        (State.NOT_PUBLISHED, 200),
        (State.WITHDRAWN, 404),
    ],
)
async def test_a_moderator_sees_what_was_sent_to_the_city_and_no_draft(
    session, process, visitor, aino, state, status
):
    sent = await make.proposal(session, process, aino, state=state)
    await visitor.enter(await make.staff(session, Role.MODERATOR, process))
    assert (await visitor.get(f"/{sent.number}")).status_code == status
    other = await make.process(session)
    await visitor.enter(await make.staff(session, Role.MODERATOR, other))
    assert (await visitor.get(f"/{sent.number}")).status_code == 404


async def test_a_moderator_finds_the_way_to_the_desk_and_others_to_a_report(
    session, process, visitor, proposal
):
    comment = await make.comment(session, proposal.thread_id)
    moderator = await make.staff(session, Role.MODERATOR, process)
    for person, there, not_there in (
        (moderator, f"/fi/desk/moderation/proposals/{proposal.id}/public", f"/{proposal.number}/report"),
        (moderator, f"/fi/desk/moderation/comments/{comment.id}", f"/comments/{comment.id}/report"),
        (await make.resident(session), f"/{proposal.number}/report", "/desk/moderation"),
    ):
        await visitor.enter(person)
        page = await visitor.get(f"/{proposal.number}")
        assert there in page.text
        assert not_there not in page.text


async def test_a_script_in_markdown_is_shown_as_text(session, process, visitor):
    nasty = await make.proposal(
        session,
        process,
        title="<b>x</b> otsikko",
        text="<script>alert(1)</script> ja [linkki](javascript:alert(1))",
    )
    page = await visitor.get(f"/{nasty.number}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert 'href="javascript:' not in page.text
    assert "<b>x</b>" not in page.text


async def test_support_is_given_once_and_taken_back(session, visitor, proposal):
    anonymous = await visitor.get(f"/{proposal.number}")
    assert re.search(r'href="/fi/sign-in\?next=/fi/processes/[^"]*">Kannata ehdotusta', anonymous.text)

    await visitor.enter(await make.resident(session))
    answer = await visitor.post(f"/{proposal.number}/support")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{visitor.home}/{proposal.number}-penkkeja-rantaan?done=supported",
    )
    await visitor.post(f"/{proposal.number}/support")
    page = await visitor.get(answer.headers["location"])
    assert "Kannatat tätä ehdotusta." in words(page)
    assert "1 kannatus" in words(page)
    assert await supports(session, proposal) == 1

    await visitor.post(f"/{proposal.number}/unsupport")
    assert await supports(session, proposal) == 0


async def test_without_the_proof_nothing_is_supported(session, visitor, proposal):
    await visitor.enter(await make.resident(session))
    for proof in ("", "00" * 64, "nonsense"):
        visitor.proof = proof
        assert (await visitor.post(f"/{proposal.number}/support")).status_code == 403
    assert await supports(session, proposal) == 0


async def test_support_sent_without_signing_in_is_asked_for_after_it(visitor, proposal):
    await visitor.get("/fi/sign-in")
    visitor.proof = re.search(r'name="csrf" value="(\w+)"', (await visitor.get("/fi/sign-in")).text)[1]
    answer = await visitor.post(f"/{proposal.number}/support")
    assert answer.status_code == 401
    assert f"{visitor.home}/{proposal.number}/support" in answer.text


async def test_no_support_is_asked_for_outside_its_phase(client, session):
    evaluating = await make.process(session, open_to=[Activity.EVALUATE])
    proposal = await make.proposal(session, evaluating)
    visitor = Visitor(client, session, f"/fi/processes/{evaluating.slug}/proposals")
    await visitor.enter(await make.resident(session))
    page = await visitor.get(f"/{proposal.number}")
    assert "Kannata ehdotusta" not in page.text
    assert "Ehdotuksesta ei nyt keskustella." in words(page)
    assert (await visitor.post(f"/{proposal.number}/support")).status_code == 409


async def test_following_is_chosen_and_ended_with_one_button(session, visitor, proposal):
    resident = await make.resident(session)
    await visitor.enter(resident)
    await visitor.post(f"/{proposal.number}/follow")
    assert await following.is_following(session, proposal.id, resident.id)
    page = await visitor.get(f"/{proposal.number}?done=followed")
    assert "Lopeta seuraaminen" in words(page)
    await visitor.post(f"/{proposal.number}/unfollow")
    assert not await following.is_following(session, proposal.id, resident.id)


async def test_merged_proposals_lead_to_each_other_and_supports_are_told_apart(session, process, visitor):
    target = await make.proposal(session, process, title="Yhteinen ranta")
    source = await make.proposal(session, process, title="Alkuperäinen ranta")
    fan = await make.resident(session)
    await actions.support(session, source, by=fan)
    await actions.merge(session, target, [source], by=await make.staff(session, Role.EDITOR))
    page = await visitor.get(f"/{source.number}")
    assert "yhdistetty toiseen ehdotukseen" in words(page)
    assert f'href="{visitor.home}/{target.number}-yhteinen-ranta"' in page.text
    assert "Kannata ehdotusta" not in page.text
    page = await visitor.get(f"/{target.number}")
    assert f'href="{visitor.home}/{source.number}-alkuperainen-ranta"' in page.text
    assert "0 tälle ehdotukselle, 1 alkuperäisille" in words(page)


async def test_a_withdrawn_proposal_says_so_and_takes_no_support(session, visitor, proposal, aino):
    await actions.withdraw(session, proposal, by=aino)
    page = await visitor.get(f"/{proposal.number}")
    assert "Ehdottaja on perunut tämän ehdotuksen." in words(page)
    assert "Kannata ehdotusta" not in page.text


async def test_the_citys_evaluation_stands_beside_the_authors_guess(session, visitor, proposal):
    session.add(
        Evaluation(
            proposal_id=proposal.id,
            feasibility=Feasibility.FEASIBLE,
            reason={"fi": "Paikka on **kaupungin** maalla.", "sv": "Platsen är stadens."},
            cost_low_cents=2_100_000,
            cost_high_cents=2_400_000,
            maintenance_cents=120_000,
        )
    )
    await session.flush()
    shown = words(await visitor.get(f"/{proposal.number}"))
    for text in ("Toteutettavissa", "21 000–24 000 €", "1 200 €", "9 000 €", "Paikka on kaupungin maalla."):
        assert text in shown


async def test_an_organisation_is_the_author_and_a_person_who_left_is_a_former_resident(
    session, process, visitor
):
    ours = await make.proposal(
        session, process, author_kind=AuthorKind.ASSOCIATION, organisation="Pyöräilijät ry", title="Pyörätie"
    )
    left = await make.proposal(session, process, title="Jäänyt ehdotus")
    left.author_id, left.author_name = None, ""
    await session.flush()
    assert "Pyöräilijät ry (yhdistys)" in words(await visitor.get(f"/{ours.number}"))
    assert "Entinen asukas" in words(await visitor.get(f"/{left.number}"))


async def test_its_author_reads_why_it_was_returned_and_until_when_to_complete_it(
    session, process, visitor, aino
):
    returned = await make.proposal(session, process, aino, state=State.SUBMITTED)
    moderator = await make.staff(session, Role.MODERATOR)
    decision = Decision(kind=Kind.RETURN, ground=Ground.PERSONAL_DATA, reason="Poista **nimi**.")
    await moderation.decide(session, returned, decision, version=returned.version, by=moderator)
    await visitor.enter(aino)
    shown = words(await visitor.get(f"/{returned.number}"))
    assert "Palautettu sinulle. Tarkistajan perustelu:" in shown
    assert "Poista nimi ." in shown
    assert "Täydennä ehdotusta" in shown


async def test_each_public_version_is_shown_with_what_it_changed(session, visitor, proposal, aino):
    new = Idea(
        **{**proposal.content(), "text": proposal.text + " Lisäksi kaide.", "cost_wish_cents": 1_000_000}
    )
    await actions.edit(session, proposal, new, version=proposal.version, note="Laskin uudelleen.", by=aino)
    moderator = await make.staff(session, Role.MODERATOR)
    await actions.publish(session, proposal, version=proposal.version, by=moderator)
    assert "2 julkista versiota" in words(await visitor.get(f"/{proposal.number}"))
    page = await visitor.get(f"/{proposal.number}/versions")
    assert re.search(r"<ins>.*Lisäksi kaide\.", page.text)
    assert "Laskin uudelleen." in words(page)
    assert "Muuttui myös: Ehdottajan hinta-arvio" in words(page)


async def test_a_proposal_that_was_never_public_has_no_versions(session, process, visitor, aino):
    draft = await make.proposal(session, process, aino, state=State.DRAFT)
    await visitor.enter(aino)
    assert (await visitor.get(f"/{draft.number}/versions")).status_code == 404


async def test_the_page_speaks_swedish_and_marks_the_finnish_text(process, visitor, proposal):
    page = await visitor.get(f"/sv/processes/{process.slug}/proposals/{proposal.number}")
    assert "Stöd förslaget" in words(page)
    assert "Skrivet på finska" in words(page)
    assert '<h1 class="ds-heading" data-size="lg" lang="fi">' in page.text
