"""A brief made public: gates, sign-offs, artefacts, embargo, launch; the public pages."""
