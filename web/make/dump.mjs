// Write a fresh data folder of the page's PostgreSQL as a tar: `node dump.mjs OUT`.

import { writeFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";

const [out] = process.argv.slice(2);
const database = await PGlite.create();
const folder = await database.dumpDataDir("none");
writeFileSync(out, new Uint8Array(await folder.arrayBuffer()));
process.exit(0);
