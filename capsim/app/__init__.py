"""The browser app: a server on this machine, and the page that it shows. Needs the extra ``capsim[app]``."""
