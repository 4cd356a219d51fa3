"""A real JupyterLab in a real browser: one server for the session, one page used again.

The server has folders of its own for settings, data, kernels and notebooks, so that neither the
user's JupyterLab nor this repository is touched. It also reads the course's own `.jupyter`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, Request, WebSocket, expect, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOKEN = "token-of-the-browser-tests"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
]
NO_BROWSER = (
    "The browser tests need Chromium, Chrome or Edge and found none. Install one, or name its "
    "program in the variable COURSE_BROWSER. All other tests: pytest -m 'not browser'."
)
SETTINGS: dict[str, dict[str, Any]] = {
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
# A server must not outlive a test run that was killed (Linux only; elsewhere it is ended below).
START = (
    "import ctypes, runpy, sys\n"
    "if sys.platform == 'linux': ctypes.CDLL(None).prctl(1, 15)\n"
    "runpy.run_module('jupyterlab', run_name='__main__')"
)
# Playwright waits 5 s for what a test expects: too short where other work shares the machine.
expect.set_options(timeout=20_000)
IS_READY = """path => {
  const widget = window.jupyterapp.shell.currentWidget;
  const context = widget?.context;
  const session = context?.sessionContext;
  return context?.path === path && session?.isReady
    && session.session?.kernel?.status === 'idle'
    && session.session.kernel.connectionStatus === 'connected';
}"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on a free port of 127.0.0.1."""
    started = Server(tmp_path_factory.mktemp("lab"))
    yield started
    started.stop()


@pytest.fixture
def lab(server: Server) -> Iterator[Lab]:
    """The one page, with a clean notebook area."""
    driver = Lab.of(server)
    yield driver
    driver.close_all()


@pytest.hookimpl(trylast=True)  # after the fixtures' own ends
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Stop Playwright before other tests run: it keeps an event loop running in this thread."""
    if nextitem is None or HERE not in nextitem.path.parents:
        Lab.stop()


class Server:
    """A JupyterLab server process.

    Attributes:
        url: its address, with a slash at the end.
        root: the folder that it shows; holds copies of the course's notebooks.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self._fill_root()
        self._write_settings()
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START, *self._options()],
                env=self._environ(),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self.url = self._wait_for_url()

    def _fill_root(self) -> None:
        for name in ("notebooks", "exercises", "solutions"):
            (self.root / name).mkdir(parents=True)
            for notebook in (ROOT / name).glob("*.ipynb"):
                shutil.copy(notebook, self.root / name)
        for samples in HERE.glob("samples*.py"):
            shutil.copy(samples, self.root / "notebooks")

    def _write_settings(self) -> None:
        for name, values in SETTINGS.items():
            path = self.folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), "utf-8")

    def _environ(self) -> dict[str, str]:
        own = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }
        folders = {name: str(self.folder / folder) for name, folder in own.items()}
        return {**os.environ, **folders, "JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter")}

    def _options(self) -> list[str]:
        return [
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            f"--ServerApp.root_dir={self.root}",
            "--ServerApp.terminals_enabled=False",
            f"--IdentityProvider.token={TOKEN}",
            "--LabApp.expose_app_in_browser=True",
        ]

    def _wait_for_url(self) -> str:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            for path in (self.folder / "runtime").glob("jpserver-*.json"):
                text = path.read_text("utf-8")
                if text.endswith("}"):
                    return str(json.loads(text)["url"])
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text('utf-8')[-3000:]}")

    def stop(self) -> None:
        """End the server; it ends its kernels."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Lab:
    """The page that shows JupyterLab, and what a user does there.

    Attributes:
        page: Playwright's page.
        hosts: every host that was asked for something since the browser started.
        frames: what came over web sockets, newest last.
    """

    _one: Lab | None = None

    @classmethod
    def of(cls, server: Server) -> Lab:
        """The one page, opened now if it is not open."""
        cls._one = cls._one or cls(server)
        return cls._one

    @classmethod
    def stop(cls) -> None:
        """Close the browser, if there is one."""
        if cls._one:
            cls._one._playwright.stop()
        cls._one = None

    def __init__(self, server: Server) -> None:
        self.server = server
        self.hosts: set[str] = set()
        self.frames: list[bytes] = []
        self._playwright = sync_playwright().start()
        try:
            self.page = self._new_page()
            self.go("lab?reset")
        except BaseException:
            self._playwright.stop()
            raise

    def _new_page(self) -> Page:
        program = find_browser(self._playwright)
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = self._playwright.chromium.launch(executable_path=program, args=[*QUIET, *sandbox])
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        context.on("request", self._note_host)
        page = context.new_page()
        page.on("websocket", self._note_frames)
        return page

    def _note_host(self, request: Request) -> None:
        scheme, _, rest = request.url.partition("://")
        if scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(rest.split("/")[0].split(":")[0])

    def _note_frames(self, socket: WebSocket) -> None:
        def note(payload: str | bytes) -> None:
            self.frames.append(payload.encode() if isinstance(payload, str) else payload)

        self.hosts.add(socket.url.split("://")[1].split(":")[0])
        socket.on("framereceived", note)

    def go(self, path: str) -> None:
        """Load a page of the server and wait until JupyterLab is there."""
        separator = "&" if "?" in path else "?"
        self.page.goto(f"{self.server.url}{path}{separator}token={TOKEN}")
        self.page.wait_for_function("window.jupyterapp?.restored", timeout=60_000)
        self.page.evaluate("window.jupyterapp.restored.then(() => null)")

    def reload(self) -> None:
        """Load the page anew and open the notebook in front again; its kernel has gone on.

        Not the browser's reload: JupyterLab opens the notebook of the page's address some time
        after it says that all is restored, even one that was closed meanwhile, and puts it in
        front of what the next test has opened.
        """
        path = self.page.evaluate("window.jupyterapp.shell.currentWidget.context.path")
        self.go("lab?reset")
        self.open(path)

    def command(self, name: str, **arguments: Any) -> None:
        """Run a command of JupyterLab and wait for its end."""
        script = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)"
        self.page.evaluate(script, [name, arguments])

    def write(self, name: str, *cells: str) -> str:
        """Make a notebook with these code cells; its path in the server's root."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, self.server.root / "notebooks" / name)
        return f"notebooks/{name}"

    def open(self, path: str) -> None:
        """Open a notebook and wait for its kernel."""
        self.command("docmanager:open", path=path, factory="Notebook")
        self.page.wait_for_function(IS_READY, arg=path, timeout=60_000)

    def run_all(self) -> None:
        """Run each cell of the notebook in front, and wait until the last has ended."""
        self.command("notebook:run-all-cells")

    def show(self, *cells: str) -> None:
        """Open a new notebook with these cells and run them."""
        self.open(self.write(f"made_{time.monotonic_ns()}.ipynb", *cells))
        self.run_all()

    def quiz(self, expression: str = "samples.widget()") -> None:
        """Show a quiz from samples.py and wait until it can be answered."""
        self.show(f"import samples\nquiz = {expression}\nquiz", "count = 0")
        expect(self.page.locator(".aq-question")).to_be_visible()

    def run(self, code: str) -> str:
        """Run code in the kernel of the notebook in front; what it prints."""
        script = """async code => {
          const {sessionContext} = window.jupyterapp.shell.currentWidget.context;
          const future = sessionContext.session.kernel.requestExecute({code});
          let text = '';
          future.onIOPub = ({header, content}) => {
            if (header.msg_type === 'stream') text += content.text;
            if (header.msg_type === 'error') text += content.evalue;
          };
          await future.done;
          return text;
        }"""
        return str(self.page.evaluate(script, code)).strip()

    def wait_for_kernel(self, condition: str) -> None:
        """Wait until an expression is true in the kernel of the notebook in front."""
        for _ in range(200):
            if self.run(f"print({condition})") == "True":
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never true: {condition}")

    def cells(self) -> list[dict[str, Any]]:
        """The notebook in front as it is in the page."""
        script = "window.jupyterapp.shell.currentWidget.content.model.toJSON()"
        cells: list[dict[str, Any]] = self.page.evaluate(script)["cells"]
        return cells

    def theme(self, name: str) -> None:
        """Change the theme: "JupyterLab Light" or "JupyterLab Dark"."""
        light = "false" if "Dark" in name else "true"
        self.command("apputils:change-theme", theme=name)
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light)

    def close_all(self) -> None:
        """Close every notebook without asking to save it, and end the kernels."""
        script = """async () => {
          const app = window.jupyterapp;
          for (const widget of [...app.shell.widgets('main')]) {
            if (widget.context?.model) {
              await widget.context.sessionContext.shutdown().catch(() => null);
              widget.context.model.dirty = false;
            }
            widget.close();
          }
        }"""
        self.page.evaluate(script)
        if self.page.locator("body").get_attribute("data-jp-theme-light") != "true":
            self.theme("JupyterLab Light")
        self.page.set_viewport_size({"width": 1200, "height": 900})


def find_browser(playwright: Playwright) -> str:
    """The program named in COURSE_BROWSER, else a known one, else Playwright's own."""
    named = os.environ.get("COURSE_BROWSER")
    own = playwright.chromium.executable_path
    found = named or next(filter(None, map(shutil.which, NAMES)), own)
    if not Path(found).is_file():
        pytest.fail(NO_BROWSER if not named else f"COURSE_BROWSER names no program: {named}")
    return found


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where pictures go: the folder that COURSE_SCREENSHOTS names, else one that is thrown away."""
    folder = Path(os.environ.get("COURSE_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a line into the test's log, captured or not."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", flush=True)

    return line


@pytest.fixture
def violations(lab: Lab) -> Callable[[], Sequence[str]]:
    """Axe's findings in the quiz in front."""
    lab.page.evaluate(Axe().axe_script)

    def find() -> Sequence[str]:
        script = "axe.run('.aq-quiz', {resultTypes: ['violations']}).then(r => r.violations)"
        found = lab.page.evaluate(script)
        return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]

    return find
