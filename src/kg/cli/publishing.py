"""`kg publish`: the current build, loaded into a store elsewhere."""

import click

from kg.cli.context import config_of


@click.command(
    epilog="""\b
Examples:
  export KG_ENGINE_URL=http://localhost:7878/query
  kg publish --to http://localhost:7878/store
  KG_PUBLISH_URL=http://user:password@localhost:8890/sparql-graph-crud-auth kg publish

docs/engines.md says more."""
)
@click.option(
    "--to",
    "url",
    envvar="KG_PUBLISH_URL",
    required=True,
    metavar="URL",
    help="Graph Store Protocol of the store; KG_PUBLISH_URL keeps a password out of sight.",
)
@click.pass_context
def publish(ctx: click.Context, url: str) -> None:
    """Load the current build into the store that KG_ENGINE_URL asks, and compare the two.

    Prints the hash of the build. Graphs of the store that are not of this project are left alone.
    """
    from kg.graph_store import GraphStore  # noqa: PLC0415 - most commands need no HTTP
    from kg.publishing import publish as load  # noqa: PLC0415

    config = config_of(ctx)
    if config.engine_url is None:
        raise click.UsageError("set KG_ENGINE_URL to the SPARQL endpoint of the same store")
    told = [0]

    def tell(done: int, total: int) -> None:
        """Say each tenth."""
        tenth = 10 * done // total
        if tenth > told[0]:
            told[0] = tenth
            click.echo(f"kg: loaded {done} of {total} quads …", err=True)

    click.echo(load(config, GraphStore(url), tell))
