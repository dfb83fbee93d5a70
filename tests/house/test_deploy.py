"""What an operator starts: the compose file, the image and the front server fit the service they carry."""

import re

import yaml

from service.core.settings import CHECKOUT, Settings

COMPOSE = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())
OURS = {"migrations", "web-1", "web-2", "worker"}
# Where a container listens, and where it would keep data of its own, is the image's; a city in production is no demo.
NOT_HANDED_OVER = {"HOST", "PORT", "VAR_FOLDER", "DEMO_PUBLIC"}


def test_every_setting_reaches_every_part_and_no_other_does() -> None:
    settings = {name.upper() for name in Settings.model_fields} - NOT_HANDED_OVER
    for name in OURS:
        assert set(COMPOSE["services"][name]["environment"]) - {"PGPASSWORD"} == settings, name


def test_a_citys_own_file_is_what_every_part_reads() -> None:
    for name in OURS:
        service = COMPOSE["services"][name]
        mounted = {volume["target"]: volume for volume in service["volumes"] if isinstance(volume, dict)}
        assert mounted[service["environment"]["CITY_FILE"]]["read_only"]


def test_the_citys_areas_and_topics_are_there_before_the_service_starts() -> None:
    command = COMPOSE["services"]["migrations"]["command"][-1]
    assert command == "puntari migrate && puntari city"
    for name in OURS - {"migrations"}:
        waits = COMPOSE["services"][name]["depends_on"]["migrations"]
        assert waits == {"condition": "service_completed_successfully"}


def test_what_git_leaves_out_and_the_secrets_stay_out_of_the_image() -> None:
    left_out = {line.strip("/") for line in lines(".dockerignore")}
    for line in lines(".gitignore"):
        anywhere = not line.startswith("/")
        assert (f"**/{line.strip('/')}" if anywhere else line.strip("/")) in left_out, line
    assert {".git", ".env", ".venv", "var", "city.toml"} <= left_out


def test_nothing_in_front_asks_the_database_or_limits_what_is_sent() -> None:
    front = (CHECKOUT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"health_uri (\S+)", front) == ["/api/v1/live"]
    assert "/api/v1/live" in COMPOSE["services"]["web-1"]["healthcheck"]["test"][-1]
    assert "max_size" not in front


def lines(name: str) -> list[str]:
    text = (CHECKOUT / name).read_text().splitlines()
    return [line for line in text if line and not line.startswith("#")]
