// For test_progress.py: each line of input is {a, b, address}; each line of output {merged, seen}.
import { createInterface } from "node:readline";

import { merge, seen } from "../../web/progress/merge.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const { a, b, address } = JSON.parse(line);
  const merged = merge(a, b);
  console.log(JSON.stringify({ merged, seen: seen(merged, address) }));
}
