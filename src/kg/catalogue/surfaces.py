"""Where the world reaches the surfaces of the service that describes itself."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Surfaces:
    """Absolute addresses; `dump` is empty where the build cannot be downloaded."""

    home: str
    void: str
    sparql: str
    graphs: str
    openapi: str
    queries: str
    dumps: str
    dump: str

    @property
    def dataset(self) -> str:
        """The IRI of the dataset."""
        return self.void + "#dataset"

    def default_graph(self, short_name: str) -> str:
        """Return where the default graph is had in the format of this name."""
        return f"{self.graphs}?default&{urlencode({'format': short_name})}"

    def graph(self, iri: str) -> str:
        """Return where one named graph is had."""
        return f"{self.graphs}?{urlencode({'graph': iri})}"
