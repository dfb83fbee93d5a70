"""Somebody at a browser without script: reads pages, follows the answers to forms."""

import re
from html import unescape

import httpx
from sqlmodel.ext.asyncio.session import AsyncSession

from tests import make


class Visitor:
    def __init__(self, client: httpx.AsyncClient, session: AsyncSession, home: str) -> None:
        self.client = client
        self.session = session
        self.home = home
        self.proof = ""

    async def enter(self, person) -> None:
        self.proof = await make.signed_in(self.client, self.session, person)

    def leave(self) -> None:
        self.client.cookies.clear()
        self.proof = ""

    def address(self, path: str) -> str:
        return path if path.startswith(("/fi", "/sv", "/en", "/pictures")) else f"{self.home}{path}"

    async def get(self, path: str, *, follow: bool = True) -> httpx.Response:
        return await self.client.get(self.address(path), follow_redirects=follow)

    async def post(self, path: str, *, files=None, **fields) -> httpx.Response:
        """The answer itself: a redirect is not followed."""
        return await self.client.post(self.address(path), data={"csrf": self.proof, **fields}, files=files)


def hidden(page: httpx.Response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', page.text)
    assert found, f"no hidden {name}"
    return unescape(found[1])


def words(page: httpx.Response) -> str:
    """What is read in the page's main part, in one line."""
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def h1(page: httpx.Response) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[1])).split())


def title(page: httpx.Response) -> str:
    return unescape(page.text.partition("<title>")[2].partition("</title>")[0])
