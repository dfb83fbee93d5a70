"""What people do to come to pages that no link leads to. Done by each of the role, in each language walked."""

import re
from collections.abc import Awaitable, Callable

from tests.house.crawl import Walker
from tests.house.rounds import CHOOSING, PROPOSING

PROPOSALS = f"/processes/{PROPOSING}/proposals"
CALCULATOR = "/calculator/talous-2027"  # the demo city's
BALLOT = f"/processes/{CHOOSING}/ballot"


async def lose_the_way(anyone: Walker) -> None:
    await anyone.open("/nowhere")


async def ask_for_a_code(anyone: Walker) -> None:
    await anyone.open("/sign-in")
    await anyone.send("/sign-in", email="aino@posti.example")


async def write(resident: Walker) -> None:
    """One proposal published and changed since, one sent, one begun."""
    published = await submit(resident)
    async with resident.another("moderator", 1) as moderator:
        await decide(moderator, published, "proposals", kind="publish")
    await resident.open(f"{published}/edit")
    await resident.send("/edit", title="Penkkejä ja puita Puistokadulle")
    await submit(resident)
    await resident.open(f"{await begin(resident)}/write/check")


async def be_refused(resident: Walker) -> None:
    """A proposal is not published, a comment is hidden, another is not."""
    refused, commented = await submit(resident), await submit(resident)
    async with resident.another("moderator", 1) as moderator:
        await decide(moderator, refused, "proposals", kind="refuse")
        await decide(moderator, commented, "proposals", kind="publish")
        for text in ("Tulkaa kauppaani.", "Puistokadulla riittää yksi penkki."):
            await resident.open(commented)
            await resident.send("/comments", text=text)
        await decide(moderator, commented, "comments", kind="hide")
    await resident.open(refused)
    await resident.open(commented)


async def be_invited(resident: Walker) -> None:
    await resident.open("/me/settings")
    found = re.search(r"[\w.-]+@posti\.example", resident.here.answer.text)
    assert found
    async with resident.another("resident", 1) as friend:
        await friend.open(f"{await begin(friend)}/coauthors")
        await friend.send("/coauthors", email=found[0])


async def vote(resident: Walker) -> None:
    await resident.open(BALLOT)
    await resident.send("/ballot")
    await resident.send("/area", area_id=resident.here.forms[0].fields[1].value)
    await resident.send("/projects", add="4")
    await resident.open(f"{BALLOT}/review")
    await resident.send("/cast")


async def balance(anyone: Walker) -> None:
    """A plan is sent, another saved and shared, the first one asked back."""
    await anyone.open(f"{CALCULATOR}/plan")
    await anyone.send("/plan", **{"lever.tulovero": "9,20", "lever.uimahalli": "kesa", "go": "review"})
    await anyone.send("/review", reason="Loput voi ottaa lainaa.")
    code = re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", anyone.here.answer.text)
    assert code
    for go in ("save", "share"):
        await anyone.open(f"{CALCULATOR}/plan")
        await anyone.send("/plan", **{"lever.tulovero": "9,30", "go": go})
    await anyone.open(f"{CALCULATOR}/withdraw")
    await anyone.send("/withdraw", code=code[0])


async def be_appealed_to(moderator: Walker) -> None:
    """The first ruling was another moderator's."""
    async with moderator.another("resident", 1) as friend:
        refused = await submit(friend)
        async with moderator.another("moderator", 1) as first:
            await decide(first, refused, "proposals", kind="refuse")
        await friend.open(f"{refused}/appeal")
        await friend.send("", text="En mainosta mitään.")
    await moderator.open("/desk/moderation")


async def put_on_the_ballot(editor: Walker) -> None:
    """One proposal of a round under evaluation; the ballot can be frozen then."""
    await editor.open("/desk/processes")
    await editor.follow("/nuorten-lehtosalmi-")
    await editor.follow("/ballot-projects")
    found = re.search(r'name="select" value="(\d+)"', editor.here.answer.text)
    assert found
    await editor.send("/ballot-projects", select=found[1])


async def begin(resident: Walker) -> str:
    """The address of a draft."""
    await resident.open(f"{PROPOSALS}/new")
    text = "Torilta terveysasemalle on kilometri, eikä matkalla voi istua."
    await resident.send("/new", title="Penkkejä Puistokadulle", text=text)
    return resident.here.answer.url.path.partition("/write")[0]


async def submit(resident: Walker) -> str:
    draft = await begin(resident)
    await resident.open(f"{draft}/write/check")
    await resident.send("/write/check")
    return draft


async def decide(moderator: Walker, proposal: str, on: str, *, kind: str) -> None:
    """On a proposal or on the first of its comments."""
    await moderator.open(proposal)
    await moderator.follow(f"/desk/moderation/{on}/")
    await moderator.send("", kind=kind, ground="advertising", reason="Mainokset eivät kuulu palveluun.")


async def change_the_target(editor: Walker) -> None:
    """The draft differs from what is published then, so that it can be published."""
    await editor.open(f"/desk{CALCULATOR}/target")
    await editor.send("/target", result="1000")


async def begin_a_plan(member: Walker) -> None:
    """In a group that has not published one; it can be reviewed then."""
    await member.open("/me/settings")
    found = re.search(r"[\w.-]+@[\w-]+\.example", member.here.answer.text.partition("<main")[2])
    assert found
    async with member.another("administrator") as administrator:
        await administrator.open("/desk/groups")
        await administrator.send("/groups", name_fi="Sitoutumattomat", slug=f"group-{member.language}")
        await administrator.send("/members", email=found[0])
    await member.open(f"/council-room/group-{member.language}{CALCULATOR.replace('calculator', 'plan')}")
    await member.send(CALCULATOR.rpartition("/")[2], go="review")


ACTS: dict[str, tuple[Callable[[Walker], Awaitable[None]], ...]] = {
    "anonymous": (lose_the_way, ask_for_a_code, balance),
    "resident": (write, be_refused, be_invited, vote),
    "moderator": (be_appealed_to,),
    "editor": (put_on_the_ballot, change_the_target),
    "council_member": (begin_a_plan,),
}
