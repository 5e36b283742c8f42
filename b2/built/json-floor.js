import { closeSync, openSync, readSync } from "node:fs";
// ../perf/test/bench/intake/json-floor.ts
/** The floor for JSON lines: the file read and cut into lines, every line parsed, nothing kept. */
var LF = 10;
var file = openSync(process.argv[2] ?? "", "r");
var buffer = Buffer.alloc(1048576);
var held = Buffer.alloc(0);
var records = 0;
for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
	const bytes = held.length === 0 ? buffer.subarray(0, read) : Buffer.concat([held, buffer.subarray(0, read)]);
	let from = 0;
	for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, from)) {
		if (JSON.parse(bytes.toString("utf8", from, at)) !== null) records += 1;
		from = at + 1;
	}
	held = Buffer.from(bytes.subarray(from));
}
closeSync(file);
process.stdout.write(String(records));
export {};
