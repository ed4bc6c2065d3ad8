"""The front end of the app, of lessons and of sliders in reports: ES modules, their style, how a plan looks in them."""

from capsim.page.files import PAGE, one_script, page_text
from capsim.page.looks import looks

__all__ = ["PAGE", "looks", "one_script", "page_text"]
