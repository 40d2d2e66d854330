"""Django's PostgreSQL backend, which hands out no connection that the server has hung up on."""
