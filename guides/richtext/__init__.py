"""Rich text as a tree of nodes: its types, its checks, HTML and plain text."""
