"""The domain: what a guide is, who sees it and what came of it."""
