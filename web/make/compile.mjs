// Compile Python sources with the page's Python, under Node: `node compile.mjs FOLDER`.
// FOLDER/jobs.json lists [number, file name for tracebacks]; N.py becomes N.pyc, empty where it is not valid.

import { loadPyodide } from "pyodide";

const [folder] = process.argv.slice(2);
const python = await loadPyodide();
python.FS.mkdirTree("/work");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/work");
python.runPython(`
import json, py_compile, warnings
from pathlib import Path
from py_compile import PycInvalidationMode

warnings.simplefilter("ignore")  # what other people's code warns of at compile time is theirs
work = Path("/work")
for number, name in json.loads((work / "jobs.json").read_text("utf-8")):
    target = work / f"{number}.pyc"
    try:
        py_compile.compile(str(work / f"{number}.py"), str(target), dfile=name, doraise=True,
                           invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    except (py_compile.PyCompileError, UnicodeDecodeError):
        target.write_bytes(b"")
`);
process.exit(0);
