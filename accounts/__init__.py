"""People, organisations, States; sign-in and the second factor."""
