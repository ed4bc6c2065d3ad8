"""Models of other authors, written from their papers, and what was published beside what comes out. Use nothing of the model but its compiler."""
