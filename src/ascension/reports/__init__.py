"""What leaves an analysis: files for other tools, corrected keypoints on their way back, the report."""
