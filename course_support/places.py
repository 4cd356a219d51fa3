"""Where do the parts of the course lie on disk?"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
QUESTIONS = NOTEBOOKS / "questions"
EXERCISES = ROOT / "exercises"
SOLUTIONS = ROOT / "solutions"
