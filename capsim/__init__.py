"""Simulate capacity building in education agencies; compare technical assistance under the same luck.

The public names stand in ``__init__.pyi``; each is imported when it is first used, so ``import capsim`` is quick.
"""

import lazy_loader

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__.append("__version__")
