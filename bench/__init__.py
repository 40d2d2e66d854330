"""Programs that show what the product promises: `python -m bench [name …]`."""
