"""From files to a build."""
