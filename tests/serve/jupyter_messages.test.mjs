// What a kernel's messages are on the wire, and what a page makes of them. Run by test_jupyter_messages.py.
import assert from "node:assert/strict";
import { test } from "node:test";

import { after, begun, closed, kernelState, status } from "../../web/run/jupyter_execution.mjs";
import { V1, decode, encode, message, output, withoutAnsi } from "../../web/run/jupyter_messages.mjs";
import { cookie } from "../../web/run/jupyter_server.mjs";

const received = (type, content, { channel = "iopub", parent = "q", asked = "execute_request" } = {}) => ({
  channel, header: { msg_type: type, msg_id: "m" }, parent_header: { msg_id: parent, msg_type: asked }, metadata: {},
  content, buffers: [] });
const idle = received("status", { execution_state: "idle" });
const reply = (content) => received("execute_reply", content, { channel: "shell" });

test("a message survives both protocols, with letters of any size", () => {
  const sent = message("execute_request", { code: "print('ä€😀')" }, { session: "s", parent: { msg_id: "p" } });
  for (const protocol of [V1, ""]) assert.deepEqual(decode(encode(sent, protocol), protocol), sent);
});

test("the bytes of V1 are those of the specification", () => {
  const sent = { channel: "shell", header: { a: 1 }, parent_header: {}, metadata: {}, content: "é",
    buffers: [Uint8Array.of(7, 8).buffer] };
  const numbers = [7, 64, 69, 76, 78, 80, 84, 86]; // how many offsets there are, six parts', and the end
  const head = new Uint8Array(new BigUint64Array(numbers.map(BigInt)).buffer);
  const body = [...new TextEncoder().encode('shell{"a":1}{}{}"é"'), 7, 8];
  assert.deepEqual([...new Uint8Array(encode(sent, V1))], [...head, ...body]);
  assert.deepEqual(decode(encode(sent, V1), V1), sent);
});

test("JSON with buffers is read", () => {
  const text = new TextEncoder().encode('{"channel":"iopub"}');
  const data = new Uint8Array(12 + text.length + 1);
  const view = new DataView(data.buffer);
  [2, 12, 12 + text.length].forEach((number, at) => view.setUint32(4 * at, number));
  data.set(text, 12);
  data[data.length - 1] = 9;
  assert.deepEqual(decode(data.buffer, ""), { channel: "iopub", buffers: [Uint8Array.of(9).buffer] });
});

test("what is no message is refused", () => {
  assert.throws(() => decode(new ArrayBuffer(3), V1), RangeError);
  assert.throws(() => decode("{", ""), SyntaxError);
});

test("colours, links and other codes of a terminal are taken out", () => {
  const codes = ["\x1b[0;31m", "\x1b[1;38;5;28m", "\x1b]8;;https://x.org\x1b\\", "\x1b]0;title\x07", "\x1b[2K", "\x1bM"];
  assert.equal(withoutAnsi(codes.map((code, at) => `${code}${at}`).join("")), "012345");
  assert.equal(withoutAnsi("a[0m b"), "a[0m b");
});

test("outputs", () => {
  const cases = [
    [received("stream", { name: "stderr", text: "x\n" }), { type: "stream", name: "stderr", text: "x\n" }],
    [received("execute_result", { data: { "text/plain": "1" }, metadata: {}, execution_count: 3 }),
      { type: "display", data: { "text/plain": "1" }, metadata: {} }],
    [received("display_data", { data: {}, metadata: {}, transient: { display_id: "d" } }),
      { type: "display", data: {}, metadata: {}, id: "d" }],
    [received("update_display_data", { data: {}, metadata: {}, transient: { display_id: "d" } }),
      { type: "display", data: {}, metadata: {}, id: "d", update: true }],
    [received("clear_output", { wait: true }), { type: "clear", wait: true }],
    [received("error", { ename: "E", evalue: "\x1b[1mv", traceback: ["\x1b[31ma\x1b[0m", "b"] }),
      { type: "error", name: "E", message: "v", traceback: "a\nb" }],
    [idle, null], [reply({ status: "ok" }), null], [received("toString", {}), null],
  ];
  for (const [sent, wanted] of cases) assert.deepEqual(output(sent), wanted);
});

test("what the server leaves out is told in other words", () => {
  const said = output(received("stream", { name: "stderr", text: "IOPub data rate exceeded.\nThe Jupyter server" }));
  assert.match(said.text, /^More was printed than can be sent/);
});

test("a cell ends with reply and idle, in either order", () => {
  const ok = reply({ status: "ok" });
  for (const order of [[ok, idle], [idle, ok]]) {
    const [first, second] = order;
    assert.equal(after(begun("q"), first).done, false);
    const end = after(after(begun("q"), first), second);
    assert.deepEqual([end.done, status(end)], [true, "ok"]);
  }
});

test("busy after idle is not the end; other cells' messages are not ours", () => {
  const busy = received("status", { execution_state: "busy" });
  const last = [idle, busy, reply({ status: "ok" })].reduce(after, begun("q"));
  assert.equal(last.done, false);
  assert.equal(after(last, received("status", { execution_state: "idle" }, { parent: "other" })), last);
  assert.equal(after(last, { ...idle, parent_header: {} }), last);
});

test("how a cell went", () => {
  const end = (content) => [reply(content), idle].reduce(after, begun("q"));
  assert.equal(status(end({ status: "error", ename: "ValueError" })), "error");
  assert.equal(status(end({ status: "error", ename: "ValueError" }), true), "error");
  assert.equal(status(end({ status: "error", ename: "KeyboardInterrupt" }), true), "interrupted");
  assert.equal(status(end({ status: "error", ename: "KeyboardInterrupt" })), "error");
  assert.equal(status(end({ status: "aborted" }), true), "interrupted");
  assert.equal(status(closed(begun("q"))), "lost");
  assert.equal(status(closed(after(begun("q"), reply({ status: "ok" })))), "ok");
});

test("what is said of the kernel", () => {
  const said = (state, asked) => kernelState(received("status", { execution_state: state }, { asked }));
  assert.deepEqual(["busy", "idle", "restarting", "autorestarting", "dead", "starting"].map((state) => said(state)),
    ["busy", "idle", "restarted", "restarted", "dead", null]);
  assert.equal(said("busy", "kernel_info_request"), null);
  assert.equal(kernelState(received("shutdown_reply", { restart: true })), "restarted");
  assert.equal(kernelState(received("shutdown_reply", { restart: false })), "dead");
  assert.equal(kernelState(received("shutdown_reply", { restart: false }, { channel: "control" })), null);
});

test("the first cookie of a name", () => {
  assert.equal(cookie("_xsrf", "a_xsrf=1; _xsrf=2|3=; _xsrf=4"), "2|3=");
  assert.equal(cookie("_xsrf", ""), "");
});
