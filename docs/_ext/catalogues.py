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


def read_scripts_catalogue(folder: Path, language: str) -> dict[str, str]:
    """Return the translations of the scripts' messages; a fuzzy one does not count."""
    catalogue = read_catalogue(folder / language / "LC_MESSAGES" / "scripts.po", language)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }
