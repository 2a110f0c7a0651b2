"""One file per page: from a visit to the words of its template."""
