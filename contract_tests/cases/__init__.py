"""The contract of the service as data: one module an area, each with its CASES."""
