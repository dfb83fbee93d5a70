"""One running Puntari: what is made once at the start and handed down."""

from dataclasses import dataclass
from pathlib import Path

from service.core import city
from service.core.database import Database
from service.core.keys import KeyStore
from service.core.settings import CHECKOUT, Settings
from service.core.translations import Translations

DEMO_CITY = CHECKOUT / "service" / "demo" / "story" / "city.toml"
LOCALES = CHECKOUT / "frontend" / "locales"


@dataclass(frozen=True)
class Instance:
    settings: Settings
    database: Database
    keys: KeyStore
    translations: Translations
    city: city.City


def make(settings: Settings, database: Database) -> Instance:
    return Instance(
        settings=settings,
        database=database,
        keys=KeyStore(settings.key_folder),
        translations=Translations.load(LOCALES),
        city=city.read(Path(settings.city_file) if settings.city_file else DEMO_CITY),
    )
