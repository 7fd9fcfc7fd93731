"""Speed and memory of reading clips, beside MediaPipe."""
