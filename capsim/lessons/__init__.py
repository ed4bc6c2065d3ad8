"""Lessons: a Markdown file with a student page, notes for instructors and a block of what is run; a page of its own."""
