"""One analysis of one video: what it computes, how its result is written, how it is asked for."""
