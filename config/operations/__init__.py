"""How the product is: what metrics count in the database, and the page for administrators."""
