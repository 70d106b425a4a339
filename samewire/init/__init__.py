"""`samewire init`: everything that a comparison of two servers needs, written as text that explains itself."""
