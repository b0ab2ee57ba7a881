// Jupyter's messages: how they are written on a WebSocket, and what a cell's output is in them. Pure.
// The messages: https://jupyter-client.readthedocs.io/en/stable/messaging.html
// The two ways to write them: https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html

/** The protocol that carries messages as the kernel wrote them; the default, "", is JSON. */
export const V1 = "v1.kernel.websocket.jupyter.org";

const PARTS = ["header", "parent_header", "metadata", "content"];
const text = new TextDecoder();
const bytes = new TextEncoder();

/**
 * Return a new message for a kernel; `session` names this client, `parent` is the message that it answers.
 * @returns {{channel: string, header: object, parent_header: object, metadata: object, content: object, buffers: []}}
 */
export function message(type, content, { session, channel = "shell", parent = {} }) {
  const header = { msg_id: crypto.randomUUID(), msg_type: type, session, username: "", date: new Date().toISOString(),
    version: "5.4" };
  return { channel, header, parent_header: parent, metadata: {}, content, buffers: [] };
}

/** Return what to send for a message: a text, or an ArrayBuffer with the protocol V1. */
export function encode(sent, protocol) {
  if (protocol !== V1) return JSON.stringify(sent);
  const parts = [bytes.encode(sent.channel), ...PARTS.map((part) => bytes.encode(JSON.stringify(sent[part]))),
    ...sent.buffers.map((buffer) => new Uint8Array(buffer))];
  const offsets = [8 * (parts.length + 2)]; // beside one for each part: how many there are, and the end
  for (const part of parts) offsets.push(offsets.at(-1) + part.length);
  const all = new Uint8Array(offsets.at(-1));
  const view = new DataView(all.buffer);
  [offsets.length, ...offsets].forEach((number, at) => view.setBigUint64(8 * at, BigInt(number), true));
  parts.forEach((part, at) => all.set(part, offsets[at]));
  return all.buffer;
}

/** Return the message that was received. Throws a RangeError or SyntaxError for what is none. */
export function decode(data, protocol) {
  if (protocol === V1) return decodeV1(data);
  if (typeof data === "string") return { ...JSON.parse(data), buffers: [] };
  const view = new DataView(data); // JSON with buffers: 32-bit offsets in network order, the JSON first
  const offsets = Array.from({ length: view.getUint32(0) }, (_, at) => view.getUint32(4 * (at + 1)));
  const [first, ...buffers] = offsets.map((start, at) => data.slice(start, offsets[at + 1]));
  return { ...JSON.parse(text.decode(first)), buffers };
}

function decodeV1(data) {
  const view = new DataView(data);
  const offsets = Array.from({ length: Number(view.getBigUint64(0, true)) },
    (_, at) => Number(view.getBigUint64(8 * (at + 1), true)));
  const [channel, ...parts] = offsets.slice(0, -1).map((start, at) => data.slice(start, offsets[at + 1]));
  const read = PARTS.map((name, at) => [name, JSON.parse(text.decode(parts[at]))]);
  return { channel: text.decode(channel), ...Object.fromEntries(read), buffers: parts.slice(PARTS.length) };
}

// Control sequences of ECMA-48 (5.4): with parameters ("\x1b[0;31m"), of a whole command (a link: "\x1b]8;;...\x07"),
// and of two characters.
// eslint-disable-next-line no-control-regex
const ANSI = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g;

/** Return text without the codes with which a terminal is coloured. */
export function withoutAnsi(coloured) {
  return coloured.replace(ANSI, "");
}

const RATE = /^IOPub (?:data|message) rate exceeded\./;
const TOO_MUCH = "More was printed than can be sent: a part of the output is missing here.\n";

const OUTPUTS = {
  stream: ({ name, text: said }) => ({ type: "stream", name, text: RATE.test(said) ? TOO_MUCH : said }),
  execute_result: display,
  display_data: display,
  update_display_data: (content) => ({ ...display(content), update: true }),
  clear_output: ({ wait }) => ({ type: "clear", wait }),
  error: ({ ename, evalue, traceback }) => ({ type: "error", name: ename, message: withoutAnsi(evalue),
    traceback: withoutAnsi(traceback.join("\n")) }),
};

function display({ data, metadata, transient }) {
  const id = transient?.display_id;
  return { type: "display", data, metadata, ...(id && { id }) };
}

/** Return the output of a cell that a message carries, as onOutput gets it; null when it carries none. */
export function output({ channel, header, content }) {
  return channel === "iopub" && Object.hasOwn(OUTPUTS, header.msg_type) ? OUTPUTS[header.msg_type](content) : null;
}
