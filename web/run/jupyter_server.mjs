// Requests to our server's API, and what to tell the reader when there is no good answer.

const START = "`python3 noxfile.py -s serve`";

/** What the reader is told. In each of these cases the text in the page stays as it is. */
export const SENTENCES = {
  unreachable: `The server of the course does not answer. Look at the terminal in which it ran, start it again with ${
    START}, and open the address that it prints. Your text is kept in this page.`,
  signedOut: "The server of the course does not know this page any more: it was started anew. Open the address that " +
    "the terminal shows, in another tab; then run the cell here again. Your text is kept in this page.",
  died: "Python ended in the middle of the cell: a crash, os._exit, or too little memory. It was started anew; what " +
    "the cells before had made is gone. Run them again.",
  restarted: "Python was started anew: what the cells had made before is gone. Run them again.",
  stopped: "The cell did not end by itself, so Python was started anew: what the cells had made is gone. Run them again.",
  ended: "Python was ended, because nothing ran for half an hour or somebody asked for it: what the cells had made is " +
    "gone. Run them again.",
  searching: "The connection to Python was lost. Looking for it again.",
  gap: "The connection to Python was lost for a moment, and with it a part of this output.\n",
  unknown: "The connection to Python was lost while this cell ran, and how it ended was lost with it. Run it again.",
  dead: "Python cannot be started any more. Restart it; if that does not help, look at the terminal.",
};

/** Nobody answers, or nobody who knows the reader. `kind` is a key of SENTENCES, `message` the sentence. */
export class ServerGone extends Error {
  constructor(kind) {
    super(SENTENCES[kind]);
    this.name = "ServerGone";
    this.kind = kind;
  }
}

/** The server refuses what was asked for; `message` says why. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.name = "Refused";
    this.status = status;
  }
}

/** Return the value of the first cookie of this name: that of the longest path comes first (RFC 6265, 5.4). */
export function cookie(name, cookies) {
  const found = cookies.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

/**
 * Ask the server at `base` for `path` (as "api/course/progress").
 * @returns {Promise<{status: number, etag: string, body: any}>} body: the JSON of the answer, null when it has none.
 * Answers like 404 and 409 are returned too. Throws ServerGone.
 */
export async function api(base, path, { method = "GET", body, headers = {}, keepalive = false } = {}) {
  const url = new URL(path, new URL(base, location.href));
  const sent = { "X-XSRFToken": cookie("_xsrf", document.cookie), ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  let response;
  let answer;
  try {
    response = await fetch(url, { method, credentials: "same-origin", headers: sent, cache: "no-store", keepalive,
      body: body === undefined ? undefined : JSON.stringify(body) });
    answer = await response.text();
  } catch {
    throw new ServerGone("unreachable");
  }
  if (response.status === 403 || response.redirected) throw new ServerGone("signedOut");
  return { status: response.status, etag: response.headers.get("ETag") ?? "", body: parsed(answer) };
}

function parsed(answer) {
  try {
    return JSON.parse(answer);
  } catch {
    return null;
  }
}

/** Ask as `api` does and return the JSON alone. Throws Refused for an answer above 399. */
export async function ask(base, path, options) {
  const { status, body } = await api(base, path, options);
  if (status > 399) throw new Refused(status, body?.message ?? `The server answers with status ${status}.`);
  return body;
}
