"""The whole way of a code: web server, queue, worker, SMTP, and back to the web server."""

import asyncio
import re
from email import message_from_bytes, policy

import asyncpg
import httpx
import pytest

from tests.live import LiveService

ADDRESS = "aino.k@posti.example"


class Postman:
    """An SMTP server that keeps what it is given; `refuses` so many times first."""

    def __init__(self, *, refuses=0):
        self.refuses = refuses
        self.mails = []
        self.came = asyncio.Event()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def serve(self, reader, writer):
        def say(line):
            writer.write(line.encode() + b"\r\n")

        say("220 here")
        while line := await reader.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                say("354 go on")
                content = await reader.readuntil(b"\r\n.\r\n")
                self.mails.append(message_from_bytes(content[:-5], policy=policy.default))
                self.came.set()
                say("250 kept")
            elif word == b"RCPT" and self.refuses > 0:
                self.refuses -= 1
                say("451 later")
            elif word == b"QUIT":
                say("221 bye")
                break
            else:
                say("250 fine")
        writer.close()


async def job_done(url):
    """The mail is out a moment before its job is kept."""
    connection = await asyncpg.connect(url)
    for _ in range(400):
        if await connection.fetchval("select code_digest from sign_in_code"):
            break
        await asyncio.sleep(0.05)
    await connection.close()


@pytest.fixture
async def place(own_url, tmp_path):
    return own_url, tmp_path / "keys"


async def test_a_code_comes_by_smtp_also_when_the_server_refuses_at_first(place, capfd):
    url, keys = place
    async with Postman(refuses=1) as postman:
        live = LiveService(url, keys)
        live.environment |= {
            "SMTP_URL": f"smtp://127.0.0.1:{postman.port}",
            "MAIL_FROM": "oma@kaupunki.example",
        }
        await asyncio.to_thread(live.start)
        try:
            async with httpx.AsyncClient(base_url=live.url) as client:
                asked = await client.post("/api/v1/sign-in", json={"email": ADDRESS, "language": "sv"})
                await asyncio.wait_for(postman.came.wait(), 40)
                [mail] = postman.mails
                code = re.search(r"\d{3} \d{3}", mail.get_content())[0]
                await job_done(url)
                body = {"request": asked.json()["id"], "code": code}
                signed = await client.post("/api/v1/sign-in/code", json=body)
        finally:
            await asyncio.to_thread(live.stop)

    assert signed.status_code == 201
    assert (mail["To"], mail["From"]) == (ADDRESS, "oma@kaupunki.example")
    assert mail["Subject"].endswith("din inloggningskod")
    said = "".join(capfd.readouterr())
    assert ADDRESS not in said
    assert code not in said
    assert code.replace(" ", "") not in said
    connection = await asyncpg.connect(url)
    log = await connection.fetch("select t::text from pgqueuer_log t")
    await connection.close()
    assert not any("@" in row[0] or code in row[0] for row in log)
