"""Accepts a difference of the last run: finds it, makes the narrowest entry that excuses it, writes it to samewire.toml."""
