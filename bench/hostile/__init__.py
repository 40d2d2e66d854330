"""What the programs of ``bench/abuse`` attack with: made from seeds, never downloaded."""
