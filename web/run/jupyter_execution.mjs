// One cell that runs in a kernel: what becomes of it with each message. Pure.
//
// The kernel says the end twice, over two channels that do not wait for each other: its reply (with the outcome) and
// "idle" (after the last output). A cell has ended when both are there.

/** A cell that was sent as the message `id`. */
export const begun = (id) => ({ id, reply: null, idle: false, done: false });

/** Return the cell's state after a message; the same one when the message does not concern it. */
export function after(execution, { channel, header, parent_header: parent, content }) {
  if (execution.done || parent?.msg_id !== execution.id) return execution;
  let { reply, idle } = execution;
  if (channel === "shell" && header.msg_type === "execute_reply") reply = content;
  if (header.msg_type === "status") idle = content.execution_state === "idle";
  return { ...execution, reply, idle, done: Boolean(reply && idle) };
}

/** Return the state after the kernel has answered a later request: nothing more can come of this cell. */
export const closed = (execution) => ({ ...execution, done: true });

/**
 * Return how a cell that is done went: "ok", "error", "interrupted" or "lost" (nobody knows).
 * `asked`: the reader pressed Stop meanwhile.
 */
export function status({ reply }, asked = false) {
  if (!reply) return "lost";
  if (reply.status === "ok") return "ok";
  return asked && ["KeyboardInterrupt", "CancelledError", undefined].includes(reply.ename) ? "interrupted" : "error";
}

/**
 * Return what a message says of the kernel as a whole: "busy" or "idle" (also with the cells of another page or of
 * JupyterLab), "restarted" (all names are gone), "dead", or null.
 */
export function kernelState({ channel, header, parent_header: parent, content }) {
  if (channel !== "iopub") return null;
  if (header.msg_type === "shutdown_reply") return content.restart ? "restarted" : "dead";
  if (header.msg_type !== "status") return null;
  const state = content.execution_state;
  if (state === "dead") return "dead";
  if (state === "restarting" || state === "autorestarting") return "restarted";
  return parent?.msg_type === "execute_request" && ["busy", "idle"].includes(state) ? state : null;
}
