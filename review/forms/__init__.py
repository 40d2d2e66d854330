"""The forms of a review. They ask and check; the actions decide."""
