"""The pages: for the people who write guides."""
