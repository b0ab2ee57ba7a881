// PostgreSQL in the worker: PGlite, started from a data folder that was made when the site was built.

import { PGlite } from "@electric-sql/pglite";

const BLOCK = 512; // bytes; POSIX.1-1988 "ustar": a header block, then the content in whole blocks
const NOTHING = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0); // a WebAssembly module without content

/**
 * Start the database.
 * @param {{wasm: Response, data: Response, folder: Response}} files - the program, its shared files, a data folder
 * @returns {Promise<PGlite>} its `execProtocolRawSync(bytes)` answers PostgreSQL's protocol at once
 */
export async function open({ wasm, data, folder }) {
  const [program, bundle, tar] = await Promise.all([
    WebAssembly.compileStreaming(wasm), data.blob(), folder.arrayBuffer()]);
  return PGlite.create({
    pgliteWasmModule: program,
    initdbWasmModule: new WebAssembly.Module(NOTHING), // asked for only where there is no data folder
    fsBundle: bundle,
    loadDataDir: expand(new Uint8Array(tar)),
  });
}

/**
 * Give each hard link of a tar the content of its file: PostgreSQL's three first databases hold mostly the same.
 * @param {Uint8Array} tar
 * @returns {Blob} the tar without links
 */
export function expand(tar) {
  const seen = new Map();
  const parts = [];
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + BLOCK);
    const content = at + BLOCK;
    at = content + Math.ceil(parseInt(text(header, 124, 12), 8) / BLOCK) * BLOCK;
    const link = header[156] === 0x31 ? seen.get(text(header, 157, 100)) : null; // type "1": a hard link
    if (link) {
      parts.push(renamed(link.header, header), link.content);
    } else {
      const whole = { header, content: tar.subarray(content, at) };
      seen.set(text(header, 0, 100), whole);
      parts.push(whole.header, whole.content);
    }
  }
  return new Blob([...parts, new Uint8Array(2 * BLOCK)]);
}

function text(bytes, start, length) {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return String.fromCharCode(...(end < 0 ? field : field.subarray(0, end)));
}

// A copy of a file's header under another name, with the sum of its bytes made anew.
function renamed(header, link) {
  const made = header.slice();
  made.set(link.subarray(0, 100));
  made.fill(0x20, 148, 156);
  const sum = made.reduce((total, byte) => total + byte, 0);
  made.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return made;
}
