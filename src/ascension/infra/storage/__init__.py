"""S3: objects and signed links, copies, removal of every version, how long things stay."""
