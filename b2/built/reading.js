import { n as readEvtx } from "./chunks/read-evtx-kW1biih1.js";
import { createReadStream } from "node:fs";
// ../perf/test/bench/evtx/reading.ts
/** What the bench times: reads every record of the EVTX file to a flat event, as an import does, and says how many. */
var [, , path = "", mode = "flat"] = process.argv;
var records = 0;
var values = 0;
for await (const units of readEvtx(createReadStream(path, { highWaterMark: 1048576 }))) for (const unit of units) {
	if (unit.kind !== "record") continue;
	records += 1;
	values += mode === "raw" ? unit.raw.length : unit.event.data.size;
}
process.stdout.write(`${records} ${values}`);
export {};
