"""Which engine a configuration means: our own over the current build, or one elsewhere."""

from kg.config import Config
from kg.current import find_current
from kg.engine.requests import Engine


def open_engine(config: Config) -> Engine:
    """Return the engine of a command, to be closed; asked by one thread at a time.

    Raises BuildError where there is no build and no KG_ENGINE_URL.
    """
    if config.engine_url is not None:
        return _open_remote(config)
    from kg.engine.one import One  # noqa: PLC0415 - a command starts with what it needs

    return One(config, find_current(config))


def open_served_engine(config: Config) -> Engine:
    """Return the engine of a server, to be closed; safe to use from many threads.

    Raises BuildError where there is no build and no KG_ENGINE_URL.
    """
    if config.engine_url is not None:
        return _open_remote(config)
    from kg.engine.following import Following  # noqa: PLC0415 - a server starts with what it needs

    return Following(config)


def _open_remote(config: Config) -> Engine:
    from kg.engine.remote import RemoteEngine  # noqa: PLC0415 - most commands need no HTTP

    return RemoteEngine(config)
