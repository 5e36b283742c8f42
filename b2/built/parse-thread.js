import { T as toPlainError, f as streamFile, m as findImporter, t as packPart, w as WorkbenchError } from "./chunks/pack-part-KRTnP5cd.js";
import { parentPort, workerData } from "node:worker_threads";
// ../perf/core/evidence/parse-thread.ts
/** The parse thread: reads one evidence file and hands over batches for the writer. It never sees the case. */
var port = parentPort;
if (!port) throw new Error("parse-thread runs as a worker");
var start = workerData;
var importer = findImporter(start.importer);
if (!importer) throw new Error(`no importer ${start.importer}`);
var credit = 1;
var wake = () => void 0;
port.on("message", () => {
	credit += 1;
	wake();
});
var send = (message, transfer = []) => port.postMessage(message, transfer);
var buffersOf = ({ events, keys, strings, raw }) => [
	events,
	keys,
	strings.bytes,
	strings.ends,
	strings.hashes,
	...raw.map((block) => block.data)
].map((view) => view.buffer);
var position = 0;
var part = {
	name: start.name,
	size: start.bytes,
	prefix: "",
	open: () => {
		position = 0;
		return streamFile(start.path, (count) => position += count);
	}
};
try {
	const task = {
		part,
		importer,
		context: start.context,
		skip: start.skip
	};
	for await (const batch of packPart(task, () => position)) {
		while (credit === 0) await new Promise((resolve) => wake = resolve);
		credit -= 1;
		send({
			type: "batch",
			batch
		}, buffersOf(batch));
	}
	send({ type: "end" });
} catch (thrown) {
	send(thrown instanceof WorkbenchError ? {
		type: "end",
		error: toPlainError(thrown)
	} : {
		type: "end",
		bug: thrown instanceof Error ? String(thrown.stack) : String(thrown)
	});
} finally {
	port.close();
}
export {};
