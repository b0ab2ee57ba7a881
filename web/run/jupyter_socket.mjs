// A connection to a kernel: a WebSocket in the newest protocol that the server speaks, proven to work both ways.

import { V1, decode, encode, message } from "./jupyter_messages.mjs";

const AGAIN = 500; // milliseconds between two greetings
const GREETINGS = 60; // a kernel on a slow machine takes a while to start

/** One connection; made by `connect`. `python` is the version that answered. */
class Connection {
  #socket;
  #session;
  #greeting = { ids: new Set(), python: "", shown: false, done: () => {} };

  constructor(socket, session, { onMessage, onLost }) {
    this.#socket = socket;
    this.#session = session;
    socket.onmessage = ({ data }) => {
      const received = decode(data, socket.protocol);
      this.#hear(received);
      onMessage(received);
    };
    socket.onclose = () => { if (!this.#greeting) onLost(); };
    socket.onerror = null;
  }

  get open() {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Send a message and return its id. What is sent while the connection is being lost is gone: onLost tells. */
  send(type, content, channel = "shell", parent = {}) {
    const sent = message(type, content, { session: this.#session, channel, parent });
    if (this.open) this.#socket.send(encode(sent, this.#socket.protocol));
    return sent.header.msg_id;
  }

  /** Close it without onLost; what the kernel says from now on is kept for the next connection of this session. */
  close() {
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  /** Ask on the channel that answers while a cell runs, until the reply and an output have come. */
  async greet() {
    const heard = new Promise((resolve) => { this.#greeting.done = () => resolve(true); });
    for (let times = 0; times < GREETINGS && this.open; times += 1) {
      this.#greeting.ids.add(this.send("kernel_info_request", {}, "control"));
      if (await Promise.race([heard, new Promise((resolve) => { setTimeout(resolve, AGAIN, false); })])) {
        this.python = this.#greeting.python;
        this.#greeting = null;
        return this;
      }
    }
    this.close();
    throw new Error("Python does not answer.");
  }

  #hear({ channel, parent_header: parent, content }) {
    const greeting = this.#greeting;
    if (!greeting?.ids.has(parent?.msg_id)) return;
    if (channel === "control") greeting.python = content.language_info?.version ?? "";
    if (channel === "iopub") greeting.shown = true;
    if (greeting.python && greeting.shown) greeting.done();
  }
}

/**
 * Connect to the kernel `id` of the server at `base`. `session` names this client: a later connection of the same
 * session gets what the kernel said in between. `onLost` is called when a connection that worked is lost.
 * @returns {Promise<Connection>} rejects when it cannot be opened, or the kernel does not answer for half a minute.
 */
export async function connect(base, id, session, listeners) {
  const url = new URL(`api/kernels/${id}/channels?session_id=${session}`, new URL(base, location.href));
  url.protocol = url.protocol.replace("http", "ws");
  let socket;
  try {
    socket = await opened(url, [V1]);
  } catch {
    socket = await opened(url, []); // a server that chooses none of the protocols offered is refused by the browser
  }
  return new Connection(socket, session, listeners).greet();
}

function opened(url, protocols) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => resolve(socket);
    socket.onclose = socket.onerror = () => reject(new Error("The connection to Python was refused."));
  });
}
