"""Accepts a difference of the last run: finds it, writes the narrowest entry that excuses it to samewire.toml."""
