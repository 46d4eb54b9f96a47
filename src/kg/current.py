"""Which build is served: found without importing what makes builds, because answering is quick."""

from pathlib import Path

from kg.config import Config
from kg.errors import BuildError


def find_current(config: Config) -> Path:
    """Return the folder of the build that is served.

    Raises BuildError where there is none.
    """
    try:
        name = (config.builds / "current").read_text("utf-8").strip()
    except OSError as error:
        raise BuildError(f"there is no build in {config.builds} yet; run kg build") from error
    except UnicodeDecodeError as error:
        raise BuildError(f"{config.builds / 'current'} is damaged; run kg build") from error
    folder = config.builds / name
    if not (folder / "manifest.json").is_file():
        raise BuildError(f"{folder} is no build; run kg build")
    return folder
