"""What rules would do with leads of the past: matches, coverage, the difference between two versions. Reads only."""
