// Which files of the standard library a start of Python in the page reads: `node boot.mjs RUN OUT`.
// RUN is the folder of the worker's own Python; OUT gets a JSON list of paths inside python_stdlib.zip.

import { writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [run, out] = process.argv.slice(2);
const python = await loadPyodide({ enableRunUntilComplete: false });
python.FS.mkdirTree("/run");
python.FS.mount(python.FS.filesystems.NODEFS, { root: run }, "/run");
const names = await python.runPythonAsync(`
import json, os, sys, types

page = sys.modules["page"] = types.ModuleType("page")
page.__path__ = ["/run"]
from page import boot

emit, out, err = (lambda message: None), sys.stdout, sys.stderr
python = boot.start(emit, {"archives": {}, "modules": {}}, lambda file: b"")
cells = python.cells
for source in ("print(1 + 1)", "1 / 0", "import no_such_module", "def (", "'text'", "import asyncio\\nawait asyncio.sleep(0)"):
    await cells.run(source, "cell")
sys.stdout, sys.stderr = out, err
files = (getattr(module, "__file__", None) or "" for module in sys.modules.values())
json.dumps(sorted({os.path.relpath(file, "/lib/python314.zip") for file in files if file.startswith("/lib/python314.zip/")}))
`);
writeFileSync(out, names);
process.exit(0);
