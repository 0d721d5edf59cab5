"""How far each person is in each guide, folded from events."""
