"""Pages and endpoints of the writing room: fetch or 404, call the action, message, redirect."""
