"""One module per page; each hands its addresses over as PAGES."""
