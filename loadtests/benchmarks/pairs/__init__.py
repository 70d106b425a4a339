"""What the harness itself costs: pairs a second, generated exchanges, comparisons alone, and how that grows."""
