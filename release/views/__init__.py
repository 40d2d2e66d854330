"""The pages of clearance and launch."""
