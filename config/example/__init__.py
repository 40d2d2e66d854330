"""The example brief: our own text, its people and its story, for the demonstration and the tests."""
