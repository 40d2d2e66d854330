"""Search in what is published: passages written when a release becomes public, gone when it is withdrawn."""
