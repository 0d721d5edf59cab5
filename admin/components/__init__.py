"""What pages share: layout, navigation, charts, macros."""
