"""`make bench`: the real stack on generated data, measured beside yardsticks in the same run."""
