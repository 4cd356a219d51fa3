"""The course's own Jupyter settings; course.py points JUPYTER_CONFIG_PATH here."""

c = get_config()  # noqa: F821  (Jupyter puts it there)

c.LabApp.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None
# The file list shows the notebooks and what a learner adds, not the course's machinery. Each
# name is spelled out, as a pattern such as *.py would hide a learner's own files as well.
hidden = ["benchmarks", "build", "course_support", "docs", "instructor", "requirements", "tests"]
hidden += ["checks", "questions", "source", "__pycache__", "*.egg-info"]
hidden += ["conftest.py", "course.py", "environment.yml", "exercises.toml", "pyproject.toml"]
hidden += ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "LICENSE-CONTENT.md"]
c.ContentsManager.hide_globs = hidden

# Kernels listen on loopback; encrypted where the kernel can, which also silences its notice.
c.KernelManager.transport_encryption = "auto"
