"""The kinds that ship with Handrail, one folder each, skins beside them."""
