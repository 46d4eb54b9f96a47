"""What the dataset says of itself, for catalogues, crawlers and whoever downloads it.

Pure: counts come from an engine, addresses from the caller, and what is made is RDF or JSON.
"""
