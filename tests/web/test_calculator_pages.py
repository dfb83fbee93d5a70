"""A resident's plan by pages alone: chosen, counted, reviewed, sent once, withdrawn; and what people and programs send wrong."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from service.calculator import actions
from service.calculator.models import SavedPlan, SubmittedPlan
from service.core import clock
from service.core.text import LANGUAGES
from tests.calculator import small
from tests.web.visitor import Visitor, h1, hidden, title, words

BALANCED = {"lever.tax": "8.90", "lever.school": "close"}
LACKING = {"lever.school": "close"}


@pytest.fixture
async def calculator(session):
    return await small.calculator(session)


@pytest.fixture
def visitor(client, session, calculator):
    return Visitor(client, session, f"/en/calculator/{calculator.slug}")


async def form_of(visitor, path="/plan"):
    """The page, and its proof at hand for what is sent next."""
    page = await visitor.get(path)
    visitor.proof = hidden(page, "csrf")
    return page


async def press(visitor, **fields):
    """Send the form of the plan; the answer itself."""
    page = await form_of(visitor)
    return await visitor.post("/plan", specification=hidden(page, "specification"), **fields)


async def choose(visitor, **fields):
    """Send the form of the plan; the page that follows."""
    answer = await press(visitor, **fields)
    assert answer.status_code == 303, words(answer)
    return await visitor.get(answer.headers["location"])


async def review(visitor):
    page = await form_of(visitor, "/review")
    return {name: hidden(page, name) for name in ("specification", "code")}


async def submit(visitor, **fields):
    sent = await review(visitor)
    return await visitor.post("/review", **sent, **fields)


async def plans_of(session):
    return (await session.exec(select(SubmittedPlan))).all()


def errors(page):
    return page.text.partition('id="errors"')[2].partition("</focus-on-load>")[0]


class TestThePath:
    async def test_a_plan_is_chosen_counted_reviewed_and_sent(self, visitor, session):
        assert "€199 is missing in 2028" in words(await visitor.get(""))

        page = await choose(visitor, **BALANCED)
        assert "left over in 2028" in words(page)
        assert 'name="lever.school" value="close" checked' in page.text

        answer = await submit(visitor, **BALANCED, comment="The children matter.")
        assert answer.headers["location"].endswith("/receipt")
        receipt = await visitor.get(answer.headers["location"])
        assert h1(receipt) == "Your plan has been received"
        assert receipt.headers["cache-control"] == "no-store"
        (stored,) = await plans_of(session)
        assert stored.choices == {"tax": "8.90", "school": "close"}
        assert (stored.comment, stored.comment_state) == ("The children matter.", "waiting")

    async def test_sent_twice_it_is_one_plan_and_one_code(self, visitor, session):
        await choose(visitor, **BALANCED)
        sent = await review(visitor)
        codes = set()
        for _ in range(2):
            answer = await visitor.post("/review", **sent, **BALANCED)
            codes.add(shown_code(await visitor.get(answer.headers["location"])))
        assert len(await plans_of(session)) == 1
        assert codes == {sent["code"]}

    async def test_what_was_sent_is_no_plan_in_the_making_any_more(self, visitor):
        await choose(visitor, **BALANCED)
        await submit(visitor, **BALANCED)
        assert "checked" not in (await visitor.get("/plan")).text

    async def test_a_deficit_needs_a_reason_and_is_then_sent(self, visitor, session):
        await choose(visitor, **LACKING)
        refused = await submit(visitor, **LACKING, comment="Kept.")
        assert refused.status_code == 422
        assert title(refused).startswith("Error")
        assert "why you send the plan with a deficit" in errors(refused)
        assert "Kept." in refused.text
        assert not await plans_of(session)

        answer = await submit(visitor, **LACKING, reason="Loans may be taken.")
        assert answer.status_code == 303
        (stored,) = await plans_of(session)
        assert (stored.reason, stored.missing > 0) == ("Loans may be taken.", True)

    async def test_a_plan_is_withdrawn_in_two_steps(self, visitor, session):
        await choose(visitor, **BALANCED)
        sent = await submit(visitor, **BALANCED)
        code = shown_code(await visitor.get(sent.headers["location"]))
        await form_of(visitor, "/withdraw")

        asked = await visitor.post("/withdraw", code=code.lower().replace("-", " "))
        assert h1(asked) == "Withdraw this plan?"
        assert len(await plans_of(session)) == 1
        done = await visitor.post("/withdraw", code=hidden(asked, "code"), confirmed="yes")
        assert "has been withdrawn" in words(await visitor.get(done.headers["location"]))
        assert not await plans_of(session)

    async def test_a_plan_saved_with_a_code_is_opened_in_another_browser(self, visitor, session):
        page = await form_of(visitor)
        saved = await visitor.post("/plan", specification=hidden(page, "specification"), go="save", **LACKING)
        code = shown_code(await visitor.get(saved.headers["location"]))
        assert len((await session.exec(select(SavedPlan))).all()) == 1

        visitor.leave()
        await form_of(visitor, "/open")
        opened = await visitor.post("/open", code=code)
        page = await visitor.get(opened.headers["location"])
        assert "Your plan is here again" in words(page)
        assert 'value="close" checked' in page.text

    async def test_saved_again_it_has_a_code_of_its_own_for_browsers_are_shared(self, visitor, session):
        for fields in (LACKING, BALANCED):
            page = await form_of(visitor)
            await visitor.post("/plan", specification=hidden(page, "specification"), go="save", **fields)
        assert len((await session.exec(select(SavedPlan))).all()) == 2

    async def test_a_plan_is_shared_by_its_address_alone_and_taken_up(self, visitor):
        answer = await press(visitor, go="share", **BALANCED)
        address = answer.headers["location"]
        assert address.endswith("/shared?tax=8.90&school=close")

        visitor.leave()
        shared = await form_of(visitor, address + "&school2=x&water=now")
        assert h1(shared) == "Somebody shared this plan"
        assert "2 choices of the address cannot be made here" in words(shared)
        taken = await visitor.post("/shared", **BALANCED)
        assert 'value="close" checked' in (await visitor.get(taken.headers["location"])).text

    async def test_no_other_address_says_what_was_chosen(self, visitor):
        page = await form_of(visitor)
        for button in ({}, {"go": "review"}, {"go": "save"}, {"after": "services"}, {"undo": "tax"}):
            answer = await visitor.post(
                "/plan", specification=hidden(page, "specification"), **button, **BALANCED
            )
            assert not re.search(r"8\.9|close", answer.headers["location"])


class TestTheForm:
    async def test_nothing_is_chosen_beforehand(self, visitor):
        page = await visitor.get("/plan")
        assert "checked" not in page.text
        assert words(page).count("You have taken no stand") == 5

    async def test_todays_option_is_kept_on_purpose_and_not_the_same_as_untouched(self, visitor):
        page = await choose(visitor, **{"lever.school": "keep", "kept.tax": "yes"})
        assert 'value="keep" checked' in page.text
        assert words(await visitor.get("/review")).count("kept as today on purpose") == 2

    async def test_a_step_goes_to_the_next_level_and_back_to_untouched(self, visitor):
        page = await choose(visitor, step="lever.tax:+1", **{"lever.tax": "8.80"})
        assert 'name="lever.tax" value="8.90"' in page.text
        page = await choose(visitor, step="lever.tax:-1", **{"lever.tax": "8,90"})
        assert 'name="lever.tax" value="8.80"' in page.text
        assert "You have not sent your plan yet" in words(await visitor.get("/review"))

    async def test_a_step_goes_no_further_than_the_last(self, visitor):
        page = await choose(visitor, step="lever.tax:+1", **{"lever.tax": "9,00"})
        assert 'name="lever.tax" value="9.00"' in page.text

    async def test_a_new_tick_keeps_and_a_new_number_unticks(self, visitor):
        await choose(visitor, **{"lever.tax": "8.90"})
        page = await choose(visitor, **{"lever.tax": "8.90", "kept.tax": "yes"})
        assert 'name="lever.tax" value="8.80"' in page.text
        assert 'name="kept.tax" value="yes" checked' in page.text
        page = await choose(visitor, **{"lever.tax": "8.70", "kept.tax": "yes"})
        assert 'name="lever.tax" value="8.70"' in page.text
        assert 'name="kept.tax" value="yes" checked' not in page.text

    async def test_undo_takes_one_choice_back_and_leaves_the_others(self, visitor):
        await choose(visitor, **BALANCED)
        page = await choose(visitor, **BALANCED, undo="school")
        assert 'value="close" checked' not in page.text
        assert 'name="lever.tax" value="8.90"' in page.text

    @pytest.mark.parametrize(
        ("button", "place"),
        [({"step": "lever.tax:+1"}, "lever-tax"), ({"undo": "tax"}, "changes"), ({"after": "services"}, "after-services"),
         ({}, "lever-tax"), ({"after": "x\r\nSet-Cookie: a=b"}, "after-x")],
    )  # fmt: skip
    async def test_the_page_goes_on_where_the_button_was_pressed(self, visitor, button, place):
        answer = await press(visitor, **BALANCED, **button)
        assert answer.headers["location"] == f"/en/calculator/balance/plan#{place}"

    async def test_what_does_not_go_together_names_both_and_why(self, visitor, session):
        page = await choose(visitor, **{"lever.school": "merge", "lever.library": "1"})
        shown = page.text.partition('data-rule="0"')[2].partition("</li>")[0]
        assert not shown.startswith(" hidden")
        assert "There is one building." in shown
        assert {"#lever-school", "#lever-library"} <= set(re.findall(r"#lever-\w+", shown))
        refused = await submit(visitor, **{"lever.school": "merge", "lever.library": "1"}, reason="So.")
        assert refused.status_code == 422
        assert not await plans_of(session)

    async def test_a_locked_lever_has_its_reason_and_no_control(self, visitor):
        page = await visitor.get("/plan")
        assert "The Water Services Act says so." in words(page)
        assert "lever.water" not in page.text

    async def test_an_effect_has_words_and_no_bare_minus(self, visitor):
        page = await visitor.get("/plan")
        assert "saves €120 in 2028" in words(page)
        assert "costs €25 more in 2028" in words(page)
        assert "One-off: helps only in 2027" in words(page)

    async def test_the_plan_goes_along_when_the_language_is_switched(self, visitor):
        await choose(visitor, **LACKING)
        assert 'value="close" checked' in (await visitor.get("/sv/calculator/balance/plan")).text

    async def test_the_cookie_goes_to_the_calculator_alone_and_no_script_reads_it(self, visitor):
        answer = await press(visitor, **LACKING)
        made = [each for each in answer.headers.get_list("set-cookie") if each.startswith("plan=")]
        assert {re.search(r"Path=([^;]+)", each)[1] for each in made} == {
            f"/{language}/calculator/balance" for language in LANGUAGES
        }
        assert all("HttpOnly" in each and "SameSite=lax" in each for each in made)
        assert (await visitor.get("/plan")).headers["cache-control"] == "no-store"


class TestWhatIsSentWrong:
    @pytest.mark.parametrize(
        "fields",
        [{"lever.school": "burn"}, {"lever.school": "close' or 1=1"}, {"lever.tax": "8.85"}, {"lever.tax": "NaN"},
         {"lever.tax": "1e9"}, {"lever.tax": "9" * 400}, {"lever.tax": "Infinity"}, {"lever.tax": "\u0668.\u0668"}],
    )  # fmt: skip
    async def test_an_option_that_is_none_is_refused_beside_its_lever(self, visitor, fields):
        page = await form_of(visitor)
        answer = await visitor.post(
            "/plan", **{"specification": hidden(page, "specification"), "lever.hours": "-10", **fields}
        )
        assert answer.status_code == 422
        (name,) = fields
        assert f'href="#{name.replace(".", "-")}-1"' in errors(answer)
        assert 'name="lever.hours" value="-10" checked' in answer.text

    async def test_what_was_typed_wrong_stays_in_its_field_with_the_nearest_levels(self, visitor):
        answer = await press(visitor, **{"lever.tax": "8,85"})
        assert 'name="lever.tax" value="8,85"' in answer.text
        assert "The nearest that can are 8.80 and 8.90." in errors(answer)

    async def test_a_locked_lever_is_passed_over_in_the_form_and_refused_when_sent(self, visitor, session):
        await choose(visitor, **LACKING, **{"lever.water": "now"})
        refused = await submit(visitor, **LACKING, **{"lever.water": "now"}, reason="So.")
        assert refused.status_code == 422
        assert not await plans_of(session)

    async def test_totals_of_somebody_elses_making_count_for_nothing(self, visitor, session):
        await choose(visitor, **LACKING, missing="0", result="999999999")
        await submit(visitor, **LACKING, reason="So.", missing="0", result="999999999", balanced="true")
        (stored,) = await plans_of(session)
        assert (stored.missing, stored.result) == (77_80, -77_80)  # 199,30 − 120 − 1,50 of interest

    @pytest.mark.parametrize("field", ["reason", "comment"])
    async def test_a_text_that_is_too_long_is_refused_and_kept(self, visitor, session, field):
        await choose(visitor, **LACKING)
        fields = {"reason": "So.", field: "x" * 2001}
        refused = await submit(visitor, **LACKING, **fields)
        assert refused.status_code == 422
        assert "Write at most 2000 characters." in errors(refused)
        assert "x" * 2001 in refused.text
        assert not await plans_of(session)

    async def test_nothing_chosen_is_no_plan(self, visitor, session):
        refused = await submit(visitor, reason="So.")
        assert refused.status_code == 422
        assert not await plans_of(session)

    @pytest.mark.parametrize("page", ["/open", "/withdraw"])
    @pytest.mark.parametrize("code", ["", "7K2M-9QXD-4TBA-1FHE", "x" * 200, "7K2M"])
    async def test_a_wrong_code_opens_and_withdraws_nothing(self, visitor, page, code):
        await form_of(visitor, page)
        refused = await visitor.post(page, code=code, confirmed="yes")
        assert refused.status_code == 422
        assert 'href="#code"' in errors(refused)

    @pytest.mark.parametrize(
        "cookie",
        [
            "x",
            "0" * 64 + ".1-1",
            "{digest}.99-1",
            "{digest}.1-99",
            "{digest}.5-0",
            "{digest}.1-1-1",
            "\u00e4",
        ],
    )
    async def test_a_cookie_that_cannot_be_read_is_an_empty_plan(self, visitor, calculator, cookie):
        value = cookie.format(digest=calculator.specification)
        page = await visitor.client.get(
            visitor.address("/plan"), headers=[(b"cookie", f"plan={value}".encode("latin-1"))]
        )
        assert page.status_code == 200
        assert "checked" not in page.text

    async def test_without_the_proof_of_our_own_page_nothing_is_kept(self, visitor):
        await visitor.get("/plan")
        visitor.proof = "0" * 128
        assert (await visitor.post("/plan", **BALANCED)).status_code == 403


class TestNewFigures:
    """The editor publishes other figures while somebody has the form open: the school's prices change, the library goes."""

    @pytest.fixture
    def republish(self, session, calculator):
        async def republish():
            levers = [dict(each) for each in small.LEVERS if each["key"] != "library"]
            levers[1] = levers[1] | {
                "options": [
                    small.option("keep"),
                    small.option("close", 60_00, 110_00),
                    small.option("merge", 150_00, 160_00),
                ]
            }
            draft = small.draft(levers=levers, rules=[], interactions=[])
            await actions.write(
                session, calculator, draft, "levers", version=calculator.version, by=small.SYSTEM
            )
            await actions.publish(session, calculator, version=calculator.version, by=small.SYSTEM)

        return republish

    async def test_the_form_says_what_changed_and_keeps_the_answers(self, visitor, republish):
        page = await form_of(visitor)
        await republish()
        answer = await visitor.post(
            "/plan",
            specification=hidden(page, "specification"),
            go="review",
            **LACKING,
            **{"lever.library": "1"},
        )
        assert answer.status_code == 409
        assert "Lever school" in answer.text.partition("The figures have changed")[2].partition("</ul>")[0]
        assert "1 of your choices can no longer be made" in words(answer)
        assert 'value="close" checked' in answer.text
        assert 'value="close" checked' in (await visitor.get("/plan")).text

    async def test_a_kept_plan_says_so_when_one_comes_back(self, visitor, republish):
        await choose(visitor, **LACKING)
        await republish()
        page = await visitor.get("/plan")
        assert "The figures have changed" in words(page)
        assert 'value="close" checked' in page.text

    async def test_what_was_reviewed_on_old_figures_is_not_sent(self, visitor, session, republish):
        await choose(visitor, **BALANCED)
        sent = await review(visitor)
        await republish()
        refused = await visitor.post("/review", **sent, **BALANCED, comment="Kept.")
        assert refused.status_code == 409
        assert "Lever school" in refused.text.partition("The figures have changed")[2].partition("</ul>")[0]
        assert "Kept." in refused.text
        assert not await plans_of(session)

        again = {name: hidden(refused, name) for name in ("specification", "code")}
        assert (await visitor.post("/review", **again, **BALANCED, reason="So.")).status_code == 303
        assert len(await plans_of(session)) == 1


class TestItsTime:
    async def test_before_it_opens_it_says_when(self, client, session):
        await small.calculator(session, slug="later", opens_in=timedelta(days=1))
        visitor = Visitor(client, session, "/en/calculator/later")
        assert "opens on" in words(await visitor.get(""))
        assert "<fieldset" not in (await visitor.get("/plan")).text

    async def test_after_the_close_it_is_read_and_leads_to_the_results(self, visitor, session):
        await choose(visitor, **BALANCED)
        sent = await review(visitor)
        await clock.shift(session, timedelta(days=11))

        page = await visitor.get("/plan")
        assert page.text.count("<fieldset") == page.text.count(" disabled>") == 5
        assert "/results" in page.text
        for path, fields in (
            ("/plan", BALANCED),
            ("/review", {**sent, **BALANCED}),
            ("/open", {"code": sent["code"]}),
        ):
            answer = await visitor.post(path, **fields)
            assert answer.status_code == 409, path
            assert "The calculator has closed" in words(answer)
        assert not await plans_of(session)

    async def test_there_may_be_none(self, client, session):
        visitor = Visitor(client, session, "/en/calculator")
        assert "There is no calculator right now." in words(await visitor.get(""))
        assert (await visitor.get("/nothing")).status_code == 404

    async def test_one_in_preparation_is_there_for_nobody(self, client, session):
        made = await small.calculator(session, slug="draft", published=False)
        visitor = Visitor(client, session, f"/en/calculator/{made.slug}")
        for path in ("", "/plan", "/review", f"/figures/{'0' * 64}"):
            assert (await visitor.get(path)).status_code == 404
        assert "draft" not in (await visitor.get("/en/calculator")).text

    async def test_those_that_are_open_stand_first(self, client, session):
        await small.calculator(
            session, slug="later", opens_in=timedelta(days=12), closes_in=timedelta(days=20)
        )
        await small.calculator(session, slug="now")
        page = (await Visitor(client, session, "/en/calculator").get("")).text
        assert page.index("/calculator/now") < page.index("/calculator/later")


class TestFigures:
    async def test_the_browsers_figures_have_no_words_and_are_kept_for_good(self, client, calculator):
        answer = await client.get(f"/calculator/{calculator.slug}/figures/{calculator.specification}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.json()["target"] == {"place": 1, "result": 0}
        assert "Lever" not in answer.text

    @pytest.mark.parametrize("digest", ["0" * 64, "x", "%2e%2e"])
    async def test_others_are_not_there(self, client, calculator, digest):
        assert (await client.get(f"/calculator/{calculator.slug}/figures/{digest}")).status_code == 404


def shown_code(page):
    found = re.search(r"p-code[^>]*>([^<]+)", page.text)
    assert found
    return found[1]


async def test_a_browser_that_others_use_too_forgets_the_plan_and_its_code(client, session):
    calculator = await small.calculator(session)
    address = f"/fi/calculator/{calculator.slug}"
    page = await client.get(f"{address}/plan")
    proof = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)[1]
    fields = {"csrf": proof, "specification": calculator.specification, "lever.school": "close"}
    first = await client.post(f"{address}/plan", data=fields | {"go": "save"}, follow_redirects=True)
    again = await client.post(f"{address}/plan", data=fields | {"go": "save"}, follow_redirects=True)
    codes = [re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", answer.text)[0] for answer in (first, again)]
    assert codes[0] != codes[1]
    await client.post(f"{address}/plan", data={"csrf": proof, "go": "forget"})
    assert not {"plan", "plan_code"} & set(client.cookies)
    assert (await client.get(f"{address}/saved")).status_code == 303
