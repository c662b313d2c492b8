"""Costs as ratios, measured in one interleaved run; `python -m benchmarks [NAME…]`."""
