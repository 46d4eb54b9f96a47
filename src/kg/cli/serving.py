"""`kg serve`: the endpoint and the pages, over the current build."""

import socket
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

import click

from kg.cli.context import config_of
from kg.errors import KgError
from kg.saved_queries import SavedQuery


@click.command(
    epilog="""\b
Examples:
  kg serve
  kg serve --host 0.0.0.0 --port 8080"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port."
)
@click.pass_context
def serve(ctx: click.Context, host: str, port: int) -> None:
    """Serve the current build over HTTP until Ctrl-C: SPARQL and saved queries."""
    from kg.web.serve import serve as run_server  # noqa: PLC0415 - other commands need none of it

    config = config_of(ctx)
    address = f"http://{_in_url(host)}:{port}"
    run_server(config, _find_address(host), port, partial(_greet, address))


def _find_address(host: str) -> str:
    """Return the address that a host name stands for, IPv4 first. Raises KgError where none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM) if host else []
    except (OSError, UnicodeError):
        found = []
    addresses = sorted((str(each[4][0]) for each in found), key=lambda each: ":" in each)
    if not addresses:
        raise KgError(f"--host {host!r} is no address of this machine; try 127.0.0.1")
    return addresses[0]


def _in_url(host: str) -> str:
    """Return a host under which this machine reaches the server."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _greet(address: str, saved_queries: Mapping[str, SavedQuery]) -> None:
    """Print the address and three things to try."""
    query = next(iter(saved_queries.values()), None)
    click.echo(f"kg: serving {address} (Ctrl-C ends it); try", err=True)
    ask = "ASK { state:pakistan a dip:State }"
    click.echo(f"  {address}/", err=True)
    click.echo(f"  curl {address}/sparql --data-urlencode 'query={ask}'", err=True)
    values = f"?{urlencode(query.examples)}" if query and query.examples else ""
    example = f"/{query.name}{values}" if query else ""
    click.echo(f"  curl -H 'Accept: text/csv' '{address}/queries{example}'", err=True)
