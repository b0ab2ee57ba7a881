// The files of the runtime. Their names hold a hash of their content, so the browser's own copy is always right.

export class Downloads {
  #loaded = 0;
  #total = 0;

  /**
   * @param {URL} base - the folder of the files
   * @param {(bytes: {loaded: number, total: number}) => void} tell - is told as bytes arrive
   */
  constructor(base, tell) {
    this.base = base;
    this.tell = tell;
  }

  /**
   * Fetch a file and unpack it on the way.
   * @param {{file: string, bytes: number}} entry - of runtime.json
   * @param {string} kind - the content type of the answer
   * @returns {Promise<Response>}
   */
  async get({ file, bytes }, kind = "application/octet-stream") {
    this.#total += bytes;
    const response = await fetch(new URL(file, this.base), { cache: "force-cache" });
    if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
    const counted = response.body.pipeThrough(new TransformStream({
      transform: (chunk, next) => {
        this.#count(chunk.byteLength);
        next.enqueue(chunk);
      },
    }));
    const body = counted.pipeThrough(new DecompressionStream("gzip"));
    return new Response(body, { headers: { "Content-Type": kind } });
  }

  /**
   * Import a module of the runtime.
   * @param {{file: string, bytes: number}} entry
   * @returns {Promise<object>} the module
   */
  async script({ file, bytes }) {
    this.#total += bytes;
    const module = await import(new URL(file, this.base));
    this.#count(bytes);
    return module;
  }

  /**
   * Fetch a file while this thread waits. The address differs from that of `get`: a request of this thread
   * that is under way for the same one would otherwise hold this one up for ever.
   * @param {string} file
   * @returns {Uint8Array} as it travelled
   */
  now(file) {
    const request = new XMLHttpRequest();
    request.open("GET", new URL(`${file}?now`, this.base), false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`${file}: ${request.status} ${request.statusText}`);
    return new Uint8Array(request.response);
  }

  #count(bytes) {
    this.#loaded += bytes;
    this.tell({ loaded: this.#loaded, total: this.#total });
  }
}
