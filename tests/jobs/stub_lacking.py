"""What a compute child cannot load: as if a library of the system were missing."""

raise ImportError("libgomp.so.1: cannot open shared object file: No such file or directory")
