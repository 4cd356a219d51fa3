"""How does a class read what came of it? Tables for programs, pages for people."""
