"""The map comes from the service's own host: a picture beside the city's file, or tiles fetched once from where they are."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from litestar.testing import AsyncTestClient

from service.app import create_app
from service.core.instance import make as make_instance

TILE = b"\x89PNG\r\n\x1a\nmap"
OF_THE_CITY = "/map/14/9423/4707"


class TileHost:
    """Somebody's tiles on a port of its own; what it gives can be changed."""

    def __init__(self) -> None:
        self.given, self.asked = TILE, []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(host.given)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{{z}}/{{x}}/{{y}}.png"


@pytest.fixture
def host():
    made = TileHost()
    yield made
    made.stop()


@pytest.fixture
async def with_tiles(host, settings, instance, tmp_path):
    chosen = settings.model_copy(update={"tile_url": host.url, "var_folder": tmp_path})
    async with AsyncTestClient(create_app(make_instance(chosen, instance.database))) as client:
        yield client


async def test_the_citys_picture_is_served_and_pages_know_where_it_lies(client: httpx.AsyncClient) -> None:
    picture = await client.get("/map/picture")
    assert picture.status_code == 200
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in picture.text


async def test_a_tile_is_fetched_once_and_then_kept(with_tiles, host) -> None:
    for _ in range(2):
        answer = await with_tiles.get(OF_THE_CITY)
        assert (answer.content, answer.headers["content-type"]) == (TILE, "image/png")
    assert host.asked == ["/14/9423/4707.png"]


@pytest.mark.parametrize("far", ["/map/14/0/0", "/map/2/1/1", "/map/30/9423/4707", "/map/14/9423/-1"])
async def test_no_tile_is_fetched_of_anywhere_else(with_tiles, host, far) -> None:
    assert (await with_tiles.get(far)).status_code == 404
    assert host.asked == []


async def test_what_is_no_picture_is_neither_kept_nor_passed_on(with_tiles, host) -> None:
    host.given = b"<html>sign in first</html>"
    assert (await with_tiles.get(OF_THE_CITY)).status_code == 404
    host.given = TILE
    assert (await with_tiles.get(OF_THE_CITY)).status_code == 200


async def test_a_host_that_does_not_answer_is_a_hole_in_the_map_and_no_fault(with_tiles, host) -> None:
    host.stop()
    assert (await with_tiles.get(OF_THE_CITY)).status_code == 404


async def test_without_tiles_none_are_served(client: httpx.AsyncClient) -> None:
    assert (await client.get(OF_THE_CITY)).status_code == 404
