"""HTTP of the API process: listening, habits of every request, errors, admission, hot reads, the client."""
