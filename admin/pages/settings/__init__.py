"""Project, team, environments, keys, installation."""
