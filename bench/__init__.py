"""What can be measured: each module prints figures and, where there is a peer, a ratio from the same run.

Run one with `bin/bench NAME`. Speed is never asserted in a test; docs/benchmarks.md holds what was seen.
"""
