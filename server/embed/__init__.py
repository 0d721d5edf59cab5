"""What the embed asks: boot and events."""
