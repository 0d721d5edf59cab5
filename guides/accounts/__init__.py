"""Who signs in to the admin: members, invitations, sessions, passwords, API keys."""
