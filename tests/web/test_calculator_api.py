"""The calculator and the council's groups as programs use them."""

import pytest

from service.calculator import actions, plans
from service.calculator.plans import Submission
from service.core.actor import Role
from service.core.text import Localized
from service.council import actions as groups
from tests import make
from tests.calculator import small

ADDRESS = "/api/v1/calculators/balance"
BALANCED = {"tax": "9.00"}


@pytest.fixture
async def calculator(session):
    return await small.calculator(session)


@pytest.fixture
async def editor(client, session, calculator):
    process = await session.get_one(make.Process, calculator.process_id)
    proof = await make.signed_in(client, session, await make.staff(session, Role.EDITOR, process))
    client.headers["X-CSRF-Token"] = proof
    return client


async def group_of(client, session, slug="lehto"):
    """A group with a member, who is signed in."""
    group = await groups.found(session, slug, Localized(fi=f"Ryhmä {slug}"), by=small.SYSTEM)
    member = await make.staff(session, Role.COUNCIL_MEMBER)
    await groups.add_member(session, group, await session.get_one(make.Account, member.id), by=small.SYSTEM)
    client.headers["X-CSRF-Token"] = await make.signed_in(client, session, member)
    return group


async def submit(client, calculator, plan=BALANCED, **more):
    body = {"specification": calculator.specification, "plan": plan, **more}
    return await client.post(f"{ADDRESS}/plans", json=body)


class TestReading:
    async def test_what_it_counts_with_is_the_canonical_document(self, client, calculator):
        shown = (await client.get(ADDRESS)).json()
        found = (await client.get(f"{ADDRESS}/specification")).json()
        assert shown["specification"] == small.specification().digest
        assert found == small.specification().model_dump(mode="json")

    async def test_one_in_preparation_is_not_there(self, client, session):
        await small.calculator(session, published=False)
        assert (await client.get(ADDRESS)).status_code == 404
        assert (await client.get("/api/v1/calculators")).json() == []

    async def test_a_plan_is_evaluated_and_nothing_is_stored(self, client, calculator):
        answer = await client.post(f"{ADDRESS}/evaluate", json={"plan": {"shares": "1"}})
        told = answer.json()
        assert answer.status_code == 200
        assert [year["result"] for year in told["years"]] == [290_00, -224_30]
        assert (told["balanced"], told["missing"]) == (False, 224_30)

    @pytest.mark.parametrize(
        "plan",
        [
            {"tax": "NaN"}, {"tax": "Infinity"}, {"tax": "1e999"}, {"moon": "1"}, {"tax": "8.80" * 50}, {"water": "now"},
            {"tax": 9}, {"tax": None}, [], "tax", {f"lever_{n}": "1" for n in range(200)}, {"tax\x00": "9.00"},
        ],
    )  # fmt: skip
    async def test_what_is_no_plan_is_refused(self, client, calculator, plan):
        for path in ("evaluate", "plans"):
            body = {"plan": plan, "specification": calculator.specification}
            answer = await client.post(f"{ADDRESS}/{path}", json=body)
            assert answer.status_code in {400, 422}, answer.text
            assert answer.headers["content-type"] == "application/problem+json"


class TestSubmitting:
    async def test_a_forged_total_counts_for_nothing(self, client, calculator):
        answer = await submit(client, calculator, missing=0, result=10**12, balanced=True, reason="x")
        assert answer.json()["outcome"]["missing"] == 0
        worse = await submit(client, calculator, {"tax": "8.70"}, missing=0, balanced=True, reason="x")
        assert worse.json()["outcome"]["missing"] == 309_30 + 3_00

    async def test_sent_twice_with_one_receipt_it_is_one_and_goes_with_it(self, client, calculator, session):
        first = await submit(client, calculator, receipt="7K2M-9QXD-4TBA-1FHE")
        again = await submit(client, calculator, receipt="7k2m 9qxd 4tba 1fhe")
        assert first.json()["receipt"] == again.json()["receipt"] == "7K2M-9QXD-4TBA-1FHE"
        gone = await client.post(f"{ADDRESS}/plans/withdrawal", json={"receipt": "7K2M-9QXD-4TBA-1FHE"})
        assert gone.status_code == 204
        missing = await client.post(f"{ADDRESS}/plans/withdrawal", json={"receipt": "7K2M-9QXD-4TBA-1FHE"})
        assert missing.status_code == 404

    async def test_stale_figures_are_409_and_say_what_changed(self, client, calculator, session):
        old = calculator.specification
        changed = [
            small.lever("tax", "rate", "8.80", small.option("8.80"), small.option("9.00", 300_00, 330_00, line="tax_revenue"), group="taxes")
        ]  # fmt: skip
        newer = small.draft(levers=[*changed, *small.LEVERS[1:]])
        await actions.write(session, calculator, newer, "x", version=calculator.version, by=small.SYSTEM)
        await actions.publish(session, calculator, version=calculator.version, by=small.SYSTEM)
        body = {"specification": old, "plan": {"tax": "9.00", "school": "close"}}
        answer = await client.post(f"{ADDRESS}/plans", json=body)
        assert answer.status_code == 409
        assert answer.json()["parameters"] == {"changed": "tax", "gone": ""}

    async def test_a_plan_in_the_making_is_opened_with_its_code(self, client, calculator):
        body = {"specification": calculator.specification, "plan": {"tax": "8.90"}}
        code = (await client.post(f"{ADDRESS}/saved", json=body)).json()["code"]
        assert (await client.post(f"{ADDRESS}/saved/open", json={"code": code})).json() == {
            "plan": {"tax": "8.90"}
        }
        assert (await client.post(f"{ADDRESS}/saved/open", json={"code": "nothing"})).status_code == 404


class TestResults:
    async def fill(self, session, calculator, how_many):
        for place in range(how_many):
            plan = BALANCED | ({"school": "close"} if place % 2 else {})
            await plans.submit(
                session, calculator, Submission(calculator.specification, plan, plans.new_code())
            )
        await actions.release(session, calculator, calculator.specification, by=small.SYSTEM)

    async def test_nine_are_told_of_nowhere(self, client, session, calculator):
        await self.fill(session, calculator, 9)
        for path in ("results", "results.csv"):
            assert (await client.get(f"{ADDRESS}/{path}")).status_code == 404
        page = await client.get("/fi/calculator/balance/results")
        assert page.status_code == 200
        assert "9 laskelma" not in page.text

    async def test_json_csv_and_page_tell_the_same(self, client, session, calculator):
        await self.fill(session, calculator, 40)
        told = (await client.get(f"{ADDRESS}/results")).json()
        school = next(each for each in told["levers"] if each["lever"] == "school")
        assert (told["plans"], school["untouched"]) == (40, 20)
        assert {each["option"]: each["plans"] for each in school["options"]} == {
            "keep": None, "close": None, "merge": None,
        }  # fmt: skip
        table = (await client.get(f"{ADDRESS}/results.csv")).text
        assert "school,Lever school (fi),untouched,,,,20," in table
        assert "shares,Lever shares (fi),1,Option 1 (fi),False,-40," in table
        page = (await client.get("/sv/calculator/balance/results")).text
        assert "40" in page
        assert "visas inte" in page

    async def test_a_name_that_looks_like_a_formula_is_harmless_in_the_table(self, client, session):
        made = await small.calculator(session, published=False)
        levers = [
            small.LEVERS[0] | {"name": dict.fromkeys(("fi", "sv", "en"), "=cmd|' /C calc'!A0")},
            *small.LEVERS[1:],
        ]
        await actions.write(
            session, made, small.draft(levers=levers), "x", version=made.version, by=small.SYSTEM
        )
        await actions.publish(session, made, version=made.version, by=small.SYSTEM)
        await self.fill(session, made, 20)
        table = (await client.get(f"{ADDRESS}/results.csv", headers={"Accept-Language": "fi"})).text
        assert "'=cmd" in table
        assert ",=cmd" not in table


class TestDesk:
    async def test_an_editor_makes_publishes_and_closes_one(self, editor, session, calculator):
        process = await session.get_one(make.Process, calculator.process_id)
        words = {"fi": "Toinen laskuri", "sv": "En annan räknare"}
        body = {"slug": "second", "title": words, "summary": words}
        moments = {"opens_at": "2020-01-01T08:00:00+02:00", "closes_at": "2090-01-01T08:00:00+02:00"}
        made = await editor.post(f"/api/v1/processes/{process.slug}/calculators", json=body | moments)
        assert made.status_code == 201, made.text
        address = "/api/v1/calculators/second"
        draft = {"version": 1, "draft": small.draft().model_dump(mode="json")}
        assert (await editor.put(f"{address}/draft", json=draft)).json()["version"] == 2
        assert (await editor.put(f"{address}/draft", json=draft)).status_code == 409
        published = await editor.post(f"{address}/specifications", json={"version": 2})
        assert published.json()["specification"] == small.specification().digest
        assert (await editor.post(f"{address}/closing", json={"version": 3})).status_code == 200
        assert (await editor.post(f"{address}/closing", json={"version": 4})).status_code == 409

    async def test_what_lacks_something_is_not_published(self, editor, session, calculator):
        version = calculator.version
        await editor.put(f"{ADDRESS}/draft", json={"version": version, "draft": {}})
        assert (
            await editor.post(f"{ADDRESS}/specifications", json={"version": version + 1})
        ).status_code == 409

    @pytest.mark.parametrize("who", [Role.EDITOR, Role.COUNCIL_MEMBER, Role.MODERATOR])
    async def test_others_change_nothing(self, client, session, calculator, who):
        other = await make.process(session, slug="other")
        client.headers["X-CSRF-Token"] = await make.signed_in(
            client, session, await make.staff(session, who, other)
        )
        body = {"version": calculator.version, "draft": {}}
        assert (await client.put(f"{ADDRESS}/draft", json=body)).status_code == 403
        assert (await client.get(f"{ADDRESS}/draft")).status_code == 403

    async def test_a_moderator_decides_on_comments(self, client, session, calculator):
        await submit(client, calculator, comment="Kiitos laskurista.")
        moderator = await make.staff(session, Role.MODERATOR)
        client.headers["X-CSRF-Token"] = await make.signed_in(client, session, moderator)
        [waiting] = (await client.get(f"{ADDRESS}/comments")).json()
        address = f"{ADDRESS}/comments/{waiting['key']}"
        assert (await client.put(address, json={"publish": True})).status_code == 204
        assert (await client.put(address, json={"publish": True})).status_code == 409
        assert (await client.put(f"{ADDRESS}/comments/zz", json={"publish": True})).status_code == 404


class TestGroups:
    async def test_a_plan_is_the_groups_until_it_publishes_it(self, client, session, calculator):
        await group_of(client, session)
        address = "/api/v1/council-groups/lehto/plans/balance"
        written = await client.put(address, json={"plan": BALANCED, "reason": {"fi": "Näin."}})
        assert written.json()["version"] == 1
        assert (await client.put(address, json={"version": 0, "plan": {}})).status_code == 409
        await group_of(client, session, "salmi")
        for who in ("another group", "an administrator", "nobody"):
            if who == "an administrator":
                admin = await make.staff(session, Role.ADMINISTRATOR)
                client.headers["X-CSRF-Token"] = await make.signed_in(client, session, admin)
            if who == "nobody":
                client.cookies.clear()
            assert (await client.get(address)).status_code == 404, who
        listed = (await client.get("/api/v1/council-groups")).json()
        assert [group["slug"] for group in listed] == ["lehto", "salmi"]

    async def test_published_it_is_everybodys(self, client, session, calculator):
        await group_of(client, session)
        address = "/api/v1/council-groups/lehto/plans/balance"
        await client.put(address, json={"plan": BALANCED})
        assert (await client.post(f"{address}/publication", json={"version": 1})).status_code == 204
        client.cookies.clear()
        assert (await client.get(address)).json()["choices"] == BALANCED

    async def test_an_administrator_looks_after_the_groups(self, client, session):
        admin = await make.staff(session, Role.ADMINISTRATOR)
        client.headers["X-CSRF-Token"] = await make.signed_in(client, session, admin)
        body = {"slug": "lehto", "name": {"fi": "Ryhmä Lehto"}}
        assert (await client.post("/api/v1/council-groups", json=body)).status_code == 201
        assert (await client.post("/api/v1/council-groups", json=body)).status_code == 422
        members = "/api/v1/council-groups/lehto/members"
        assert (await client.post(members, json={"email": "uusi@lehto.example"})).status_code == 204
        [member] = (await client.get(members)).json()
        assert (await client.delete(f"{members}/{member['id']}")).status_code == 204
        assert (await client.get(members)).json() == []
        assert (await client.delete("/api/v1/council-groups/lehto")).status_code == 204
