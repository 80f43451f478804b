"""Read catalogues of translations."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po


def read_catalogue(path: Path, language: str) -> Catalog:
    """Return a catalogue, empty if there is no such file."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def read_translations(folder: Path, language: str, domain: str = "scripts") -> dict[str, str]:
    """Return translations by message, those of the scripts if not told; a fuzzy one is none."""
    catalogue = read_catalogue(folder / language / "LC_MESSAGES" / f"{domain}.po", language)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }
