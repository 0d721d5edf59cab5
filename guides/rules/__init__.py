"""Rules: the operators, the evaluation against facts, and the prefilter by attribute values."""
