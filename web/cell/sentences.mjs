// One plain sentence for an exception. The table is book/exceptions.yml; the site publishes it with its links resolved.

/**
 * Return the first entry {name, says, read?} that speaks of an exception: its class name, and where the entry has
 * `holds` a part of its message.
 */
export function sentence(table, name, message) {
  const short = name.split(".").at(-1);
  return table.find((entry) => entry.name === short && message.includes(entry.holds ?? "")) ?? null;
}
