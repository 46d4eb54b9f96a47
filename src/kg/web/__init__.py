"""The web surfaces: one blueprint each, thin over the engine. No query is evaluated here."""
