"""Lessons: a Markdown file with a student page, notes for instructors and a block of what is run; a page of its own."""

from capsim.lessons.lesson import Lesson, lesson_names, load_lesson
from capsim.lessons.page import lesson_facts, lesson_page, write_lesson
from capsim.lessons.playing import Played, gains_at, plain, play

__all__ = [
    "Lesson",
    "Played",
    "gains_at",
    "lesson_facts",
    "lesson_names",
    "lesson_page",
    "load_lesson",
    "plain",
    "play",
    "write_lesson",
]
