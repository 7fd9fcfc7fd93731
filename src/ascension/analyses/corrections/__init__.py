"""What users put right in a finished analysis, and how it is worked in."""
