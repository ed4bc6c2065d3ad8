"""Lessons: a Markdown file with a student page, notes for instructors and a block of what is run; a page of its own."""

from capsim.lessons.lesson import Lesson, lesson_names, load_lesson
from capsim.lessons.page import lesson_page, write_lesson
from capsim.lessons.playing import Played, play

__all__ = ["Lesson", "Played", "lesson_names", "lesson_page", "load_lesson", "play", "write_lesson"]
