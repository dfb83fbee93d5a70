"""What editors change, who may, and what two who change the same at once get."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from service.core import clock
from service.core.actor import Role, System
from service.core.text import Localized
from service.processes import actions, queries, rules
from service.processes.models import Activity, AreaRule, BallotType, LegalBasis, Process
from service.processes.parts import Beginning, Budget, Named, PhasePlan, Settings, Texts, VotingRules
from tests import make

OPERATOR = System("test")
DAY = timedelta(days=1)


def words(text: str) -> Localized:
    return Localized(fi=text, sv=f"{text} (sv)")


def settings(process: Process, **values: object) -> Settings:
    return Settings.model_validate(
        {"slug": process.slug, "owner": {"fi": "Yksikkö"}, "legal_basis": process.legal_basis, **values}
    )


def voting_rules(**values: object) -> VotingRules:
    return VotingRules.model_validate(
        {"ballot_type": "approval", "max_choices": 5, "area_rule": "chosen", **values}
    )


async def plan(session, *activities: Activity, opens: float = 1, closes: float = 5) -> PhasePlan:
    now = await clock.now(session)
    return PhasePlan(
        name=words("Vaihe"),
        activities=frozenset(activities),
        opens_at=now + opens * DAY,
        closes_at=now + closes * DAY,
    )


async def editor(session, process: Process | None = None):
    return await make.staff(session, Role.EDITOR, process)


async def test_a_process_begins_unpublished_and_on_record(session) -> None:
    administrator = await make.staff(session, Role.ADMINISTRATOR)
    process = await actions.create(
        session, Beginning(title=words("Kierros"), slug="kierros"), by=administrator
    )

    assert process.published_at is None
    assert (process.title, process.version) == ({"fi": "Kierros", "sv": "Kierros (sv)"}, 1)
    (entry,) = await make.recorded(session, process.id)
    assert (entry.action, entry.actor_id) == ("process.created", administrator.id)


async def test_an_address_is_taken_once_and_the_second_editor_is_told(session) -> None:
    await make.process(session, slug="kierros")
    with pytest.raises(rules.SlugTaken):
        await actions.create(session, Beginning(title=words("Toinen"), slug="kierros"), by=OPERATOR)
    assert await actions.create(session, Beginning(title=words("Toinen"), slug="toinen"), by=OPERATOR)


async def test_settings_change_with_their_topics_and_the_version_grows(session) -> None:
    process, category = await make.process(session, published_at=None), await make.category(session)
    await actions.change_settings(
        session,
        process,
        settings(process, slug="uusi-osoite", categories=[category.id]),
        version=1,
        by=await editor(session, process),
    )
    assert (process.slug, process.owner, process.version) == ("uusi-osoite", {"fi": "Yksikkö"}, 2)
    assert list(await queries.categories(session, process.id)) == [category]


async def test_choosing_topics_again_replaces_them_and_an_unknown_one_is_refused(session) -> None:
    first, second = await make.category(session), await make.category(session)
    process = await make.process(session, categories=[first])
    with pytest.raises(rules.CategoryUnknown):
        await actions.change_settings(
            session, process, settings(process, categories=[second.id, uuid4()]), version=1, by=OPERATOR
        )
    assert list(await queries.categories(session, process.id)) == [first]
    await actions.change_settings(
        session, process, settings(process, categories=[second.id]), version=1, by=OPERATOR
    )
    assert list(await queries.categories(session, process.id)) == [second]


async def test_the_address_of_a_published_process_stays(session) -> None:
    process = await make.process(session)
    with pytest.raises(rules.SlugIsFixed):
        await actions.change_settings(
            session, process, settings(process, slug="toinen"), version=1, by=OPERATOR
        )
    assert process.version == 1


async def test_a_taken_address_leaves_the_process_as_it_was_and_readable(session) -> None:
    await make.process(session, slug="kierros")
    process = await make.process(session, slug="oma", published_at=None)
    with pytest.raises(rules.SlugTaken):
        await actions.change_settings(
            session, process, settings(process, slug="kierros"), version=1, by=OPERATOR
        )
    assert (process.slug, process.version) == ("oma", 1)


async def test_consent_raises_the_minimum_age_to_13(session) -> None:
    process = await make.process(session, minimum_age=12)
    consent = settings(process, legal_basis=LegalBasis.CONSENT)
    await actions.change_settings(session, process, consent, version=1, by=OPERATOR)
    assert process.minimum_age == 13
    with pytest.raises(rules.TooYoungForConsent):
        await actions.change_voting_rules(
            session, process, voting_rules(minimum_age=12), version=2, by=OPERATOR
        )


async def test_consent_is_refused_where_it_would_let_nobody_vote_and_nothing_else_changes(session) -> None:
    process = await make.process(session, minimum_age=7, maximum_age=12, published_at=None)
    with pytest.raises(rules.AgesCrossed):
        await actions.change_settings(
            session,
            process,
            settings(process, slug="lapset", legal_basis=LegalBasis.CONSENT),
            version=1,
            by=OPERATOR,
        )
    assert process.slug != "lapset"


async def test_texts_replace_texts_and_one_left_out_is_gone(session) -> None:
    process = await make.process(session, plain_summary={"fi": "Selko."})
    await actions.change_texts(
        session,
        process,
        Texts(title=words("Uusi nimi"), summary=words("Lyhyesti")),
        version=1,
        by=await editor(session, process),
    )
    assert (process.title["fi"], process.summary["sv"], process.plain_summary) == (
        "Uusi nimi",
        "Lyhyesti (sv)",
        {},
    )


async def test_the_second_of_two_editors_is_told_that_the_first_was_there(session) -> None:
    process = await make.process(session)
    await actions.change_texts(session, process, Texts(title=words("Ensin")), version=1, by=OPERATOR)
    with pytest.raises(rules.EditedMeanwhile):
        await actions.change_texts(session, process, Texts(title=words("Sitten")), version=1, by=OPERATOR)
    assert process.title["fi"] == "Ensin"


async def test_two_who_save_at_the_same_moment_do_not_overwrite_each_other(own_database) -> None:
    async with own_database.transaction() as session:
        slug = (await make.process(session)).slug
    arrived = asyncio.Barrier(2)

    async def save(text: str) -> str:
        async with own_database.transaction() as session:
            process = await queries.get(session, slug)
            await arrived.wait()
            await actions.change_texts(session, process, Texts(title=words(text)), version=1, by=OPERATOR)
            return text

    outcomes = await asyncio.gather(save("Yksi"), save("Kaksi"), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, rules.EditedMeanwhile)]
    kept = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert (len(refused), len(kept)) == (1, 1)
    async with own_database.transaction(read_only=True) as session:
        process = await queries.get(session, slug)
    assert (process.title["fi"], process.version) == (kept[0], 2)


async def test_budgets_are_all_the_money_of_the_process(session) -> None:
    process, area = await make.process(session, pots=[(None, 100)]), await make.area(session)
    money = [Budget(area_id=area.id, cents=5_000_00), Budget(area_id=None, cents=2_000_00)]
    await actions.set_budgets(session, process, money, version=1, by=await editor(session, process))
    assert [(found and found.id, pot.cents) for pot, found in await queries.pots(session, process.id)] == [
        (area.id, 5_000_00),
        (None, 2_000_00),
    ]


async def test_an_area_with_two_budgets_or_an_unknown_area_is_refused_and_the_money_stays(session) -> None:
    process = await make.process(session, pots=[(None, 100)])
    with pytest.raises(rules.AreaTwice):
        await actions.set_budgets(
            session, process, [Budget(cents=1), Budget(cents=2)], version=1, by=OPERATOR
        )
    with pytest.raises(rules.AreaUnknown):
        await actions.set_budgets(
            session, process, [Budget(area_id=uuid4(), cents=1)], version=1, by=OPERATOR
        )
    assert [pot.cents for pot, _ in await queries.pots(session, process.id)] == [100]


async def test_money_changes_under_proposals_that_are_on_the_ballot(session) -> None:
    area = await make.area(session)
    process = await make.vote(
        session, pots=[(area, 300), (None, 50)], projects=[(area, 100), (area, 200)], open_now=False
    )
    more = [Budget(area_id=area.id, cents=200), Budget(cents=10)]
    await actions.set_budgets(session, process, more, version=1, by=OPERATOR)
    assert [pot.cents for pot, _ in await queries.pots(session, process.id)] == [200, 10]

    too_little = [Budget(area_id=area.id, cents=199)]
    for refused, refusal in (([], rules.BudgetIsNeeded), (too_little, rules.BudgetTooSmall)):
        with pytest.raises(refusal):
            await actions.set_budgets(session, process, refused, version=2, by=OPERATOR)
        assert [pot.cents for pot, _ in await queries.pots(session, process.id)] == [200, 10]

    await actions.set_budgets(session, process, more[:1], version=2, by=OPERATOR)
    assert [pot.cents for pot, _ in await queries.pots(session, process.id)] == [200]


async def test_a_knapsack_ballot_counts_money_and_not_projects(session) -> None:
    process = await make.process(session)
    await actions.change_voting_rules(
        session, process, voting_rules(ballot_type=BallotType.KNAPSACK), version=1, by=OPERATOR
    )
    assert (process.ballot_type, process.max_choices) == (BallotType.KNAPSACK, None)


async def test_phases_are_added_changed_and_removed(session) -> None:
    process, by = await make.process(session), OPERATOR
    phase = await actions.add_phase(
        session, process, await plan(session, Activity.PROPOSE), nonce=uuid4(), by=by
    )
    changed = await plan(session, Activity.PROPOSE, Activity.COMMENT, closes=9)
    await actions.change_phase(session, process, phase, changed, version=1, by=by)
    (kept,) = await queries.phases(session, process.id)
    assert (kept.activities, kept.closes_at, kept.version) == (["propose", "comment"], changed.closes_at, 2)

    with pytest.raises(rules.EditedMeanwhile):
        await actions.change_phase(session, process, phase, changed, version=1, by=by)
    await actions.remove_phase(session, process, phase, by=by)
    assert await queries.phases(session, process.id) == []


async def test_a_phase_sent_twice_is_one_phase(session) -> None:
    process, nonce = await make.process(session), uuid4()
    new = await plan(session, Activity.VOTE)
    first = await actions.add_phase(session, process, new, nonce=nonce, by=OPERATOR)
    assert await actions.add_phase(session, process, new, nonce=nonce, by=OPERATOR) is first
    assert len(await queries.phases(session, process.id)) == 1


async def test_publishing_makes_a_process_seen_by_all_and_needs_phases_and_a_summary(session) -> None:
    process = await make.process(session, published_at=None, summary={})
    with pytest.raises(rules.NotReady):
        await actions.publish(session, process, bilingual=True, by=OPERATOR)
    await actions.change_texts(
        session, process, Texts(title=words("Kierros"), summary=words("Lyhyesti")), version=1, by=OPERATOR
    )
    await actions.add_phase(
        session, process, await plan(session, Activity.PROPOSE), nonce=uuid4(), by=OPERATOR
    )
    await actions.publish(session, process, bilingual=True, by=await editor(session, process))

    assert (await queries.get(session, process.slug)).published_at == await clock.now(session)
    with pytest.raises(rules.AlreadyPublished):
        await actions.publish(session, process, bilingual=True, by=OPERATOR)


async def test_in_a_bilingual_city_a_round_is_published_in_both_languages(session) -> None:
    process = await make.process(session, published_at=None, summary={"fi": "Lyhyesti"})
    await make.phase(session, process, [Activity.PROPOSE])
    with pytest.raises(rules.NotReady):
        await actions.publish(session, process, bilingual=True, by=OPERATOR)
    await actions.publish(session, process, bilingual=False, by=OPERATOR)


async def test_a_vote_without_money_is_not_published(session) -> None:
    process = await make.process(session, published_at=None)
    await actions.add_phase(session, process, await plan(session, Activity.VOTE), nonce=uuid4(), by=OPERATOR)
    with pytest.raises(rules.NotReady):
        await actions.publish(session, process, bilingual=True, by=OPERATOR)


async def every_change(session, process: Process, by) -> list[tuple[str, object]]:
    phase = await make.phase(session, process, [Activity.COMMENT])
    new = await plan(session, Activity.COMMENT)
    new_texts = Texts(title=words("Kierros"), summary=words("Lyhyesti"))
    return [
        ("settings", actions.change_settings(session, process, settings(process), version=1, by=by)),
        ("texts", actions.change_texts(session, process, new_texts, version=1, by=by)),
        ("rules", actions.change_voting_rules(session, process, voting_rules(), version=1, by=by)),
        ("money", actions.set_budgets(session, process, [], version=1, by=by)),
        ("publish", actions.publish(session, process, bilingual=True, by=by)),
        ("add", actions.add_phase(session, process, new, nonce=uuid4(), by=by)),
        ("change", actions.change_phase(session, process, phase, new, version=1, by=by)),
        ("remove", actions.remove_phase(session, process, phase, by=by)),
    ]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
async def test_the_staff_of_another_process_change_nothing(session, role) -> None:
    process = await make.process(session, published_at=None)
    stranger = await make.staff(session, role, await make.process(session))
    for _, change in await every_change(session, process, stranger):
        with pytest.raises(rules.NotYourProcess):
            await change
    assert process.version == 1
    assert await make.recorded(session, process.id) == []


async def test_every_change_is_on_record_with_its_part_and_without_words(session) -> None:
    process = await make.process(session, published_at=None)
    changes = await every_change(session, process, OPERATOR)
    for index, (_, change) in enumerate(changes):
        process.version = 1
        await session.flush()
        await change
        assert len(await make.recorded(session, process.id)) == index + 1
    entries = await make.recorded(session, process.id)
    assert [entry.details.get("part") for entry in entries] == [
        "settings", "texts", "ballot", "areas", None, "phases", "phases", "phases",
    ]  # fmt: skip


async def test_a_published_process_changes_what_everybody_sees_and_one_in_preparation_does_not(
    session,
) -> None:
    hidden, shown = await make.process(session, published_at=None), await make.process(session)
    await actions.change_texts(session, hidden, Texts(title=words("x")), version=1, by=OPERATOR)
    assert "publishes" not in session.info
    await actions.change_texts(session, shown, Texts(title=words("x")), version=1, by=OPERATOR)
    assert session.info["publishes"]


async def test_the_citys_areas_and_topics_are_taken_once_and_renamed_later(session) -> None:
    names = [
        Named(key="satama", name=words("Satama")),
        Named(key="keskusta", name=words("Keskusta"), population=10),
    ]
    harbour, _ = await actions.define_areas(session, names, by=OPERATOR)
    again = await actions.define_areas(
        session, [Named(key="satama", name=words("Satama ja ranta"))], by=OPERATOR
    )
    assert again[0].id == harbour.id
    assert [area.name["fi"] for area in await queries.areas(session)][:2] == ["Satama ja ranta", "Keskusta"]

    topics = await actions.define_categories(
        session, [Named(key="puistot", name=words("Puistot"))], by=OPERATOR
    )
    assert list(await queries.all_categories(session)) == topics


async def test_what_is_one_of_an_enum_comes_back_as_its_member(session) -> None:
    made = await make.process(session, area_rule=AreaRule.HOME)
    session.expunge(made)
    found = (await session.exec(select(Process).where(Process.id == made.id))).one()
    assert found.area_rule is AreaRule.HOME
    assert found.legal_basis is LegalBasis.PUBLIC_TASK
