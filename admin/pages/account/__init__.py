"""Sign-in, invitation, profile, first installation."""
