"""Pages of a review: fetch or 404, call the action, message, redirect."""
