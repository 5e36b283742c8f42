import { C as indexStrings, S as fillStringHashes, _ as EVENT_FIELD_NAMES, a as KeyWriter, b as sniffCsv, c as kindOfNumber, d as readHead, f as streamFile, g as collect, h as importers, i as RawWriter, l as assertUnchanged, m as findImporter, n as BatchPacker, o as EventWriter, p as detectFormat, r as textsOf, s as EVENT_COLUMNS, t as packPart, u as inspectEvidence, v as parseUrl, w as WorkbenchError, x as StringWriter, y as decodeCodePage } from "./chunks/pack-part-KRTnP5cd.js";
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { createCipheriv, createHash, createHmac, pbkdf2Sync, randomUUID, timingSafeEqual } from "node:crypto";
import { crc32, createInflateRaw, createZstdDecompress, zstdCompressSync } from "node:zlib";
import { z } from "zod";
import { basename, dirname } from "node:path";
import yauzl from "yauzl";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
// ../perf/core/store/audit.ts
var GENESIS = "0".repeat(64);
var last = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
var insert$1 = "INSERT INTO audit (seq, at, actor, action, details, evidence_id, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
/** SHA-256 over the row and the hash before it. JSON array of fixed order = one canonical text. */
function hashOf(row) {
	return createHash("sha256").update(JSON.stringify(row)).digest("hex");
}
/**
* Appends one entry to the hash chain. Call it inside the transaction of the change it records.
* The chain shows edits and removals inside it; that the tail was not cut is shown by the head printed in reports.
*/
function appendAudit(db, entry) {
	const before = db.prepare(last).get();
	const seq = (before?.seq ?? 0) + 1;
	const previous = before?.hash ?? GENESIS;
	const actor = entry.actor ?? "analyst";
	const details = JSON.stringify(entry.details);
	const evidenceId = entry.evidenceId ?? null;
	const hash = hashOf([
		seq,
		entry.at,
		actor,
		entry.action,
		details,
		evidenceId,
		previous
	]);
	db.prepare(insert$1).run(seq, entry.at, actor, entry.action, details, evidenceId, previous, hash);
}
// ../perf/core/store/evidence.ts
var insert = `INSERT INTO evidence (name, sha256, bytes, mtime_us, zone, zone_assumed, status, imported_at, path, format_override, choices, cursor)
  VALUES (@name, @sha256, @bytes, @mtimeUs, @zone, 0, 'importing', @importedAt, @path, @formatOverride, @choices, @cursor)`;
function insertEvidence(db, row) {
	return Number(db.prepare(insert).run({
		...row,
		choices: JSON.stringify(row.choices),
		cursor: JSON.stringify(row.cursor)
	}).lastInsertRowid);
}
var findEvidenceByHash = (db, sha256) => db.prepare("SELECT * FROM evidence WHERE sha256 = ?").get(sha256);
var findEvidence = (db, id) => db.prepare("SELECT * FROM evidence WHERE id = ?").get(id);
/** ... once it is past this many bytes: an event log of 20 MB that holds nothing yet shrinks to a thousandth of its size. */
var FLOOR_BYTES = 536870912;
/** Counts what is unpacked from one evidence file, over all levels of nesting. */
var Budget = class {
	#name;
	#limit;
	#spent = 0;
	constructor(name, fileBytes, floor = FLOOR_BYTES) {
		this.#name = name;
		this.#limit = Math.max(floor, fileBytes * 200);
	}
	/** @throws WorkbenchError `limit.expansion` when more came out than any honest archive holds */
	spend(bytes) {
		this.#spent += bytes;
		if (this.#spent > this.#limit) throw new WorkbenchError("limit.expansion", {
			name: this.#name,
			limit: String(200)
		});
	}
	/** Wraps one content that may be read several times: each of its bytes is counted once. */
	meter() {
		let counted = 0;
		const spend = (bytes) => this.spend(bytes);
		return async function* metered(stream, from = 0) {
			let position = from;
			for await (const chunk of stream) {
				position += chunk.length;
				if (position > counted) {
					spend(position - counted);
					counted = position;
				}
				yield chunk;
			}
		};
	}
};
// ../perf/core/evidence/containers/container.ts
/** How much of a part detection may see (formats.md section 0). */
var HEAD_BYTES = 65536;
var problem = (locator, code, excerpt = "") => ({
	kind: "problem",
	locator,
	code,
	excerpt
});
/** True when `head` has these bytes at `at`. */
var hasBytes = (head, bytes, at = 0) => bytes.every((byte, index) => head[at + index] === byte);
var reasonOf = (thrown) => thrown instanceof Error ? thrown.message : "unknown";
// ../perf/core/evidence/containers/keyring.ts
/** The usual password of samples among responders. */
var USUAL = "infected";
/** Ten thousand locked members times a hundred passwords would keep a machine busy for an hour; later ones stay locked. */
var MAX_TRIES = 5e3;
/** No field says how a password was written down: tools of today take UTF-8, older ones one byte a character. */
var ENCODINGS = ["utf8", "latin1"];
/** The passwords to try on locked members, the one that fitted last first. They stay in memory only. */
var Keyring = class {
	#passwords;
	#tries = 0;
	constructor(passwords) {
		this.#passwords = [.../* @__PURE__ */ new Set([...passwords, USUAL])].flatMap((password) => [...new Set(ENCODINGS.map((encoding) => Buffer.from(password, encoding).toString("hex")))].map((hex) => Buffer.from(hex, "hex")));
	}
	/** Each password in each encoding once, until {@link MAX_TRIES} were asked for in all. */
	*candidates() {
		for (const password of this.#passwords) {
			if (this.#tries >= MAX_TRIES) return;
			this.#tries += 1;
			yield password;
		}
	}
	/** This one fitted: try it first next time, and let it not count against the limit. */
	fitted(password) {
		this.#tries -= 1;
		if (this.#passwords[0] !== password) this.#passwords = [password, ...this.#passwords.filter((other) => other !== password)];
	}
};
// ../perf/core/evidence/containers/byte-stream.ts
/** Reads a stream in pieces of wanted sizes; knows where it stands. */
var ByteReader = class {
	#chunks;
	#rest = /* @__PURE__ */ new Uint8Array(0);
	#position;
	#failure;
	constructor(stream, position = 0) {
		this.#chunks = stream[Symbol.asyncIterator]();
		this.#position = position;
	}
	get position() {
		return this.#position;
	}
	/** Up to `limit` bytes as they come; undefined at the end. */
	async some(limit) {
		if (this.#failure) throw this.#failure;
		while (this.#rest.length === 0) {
			const next = await this.#chunks.next();
			if (next.done === true) return void 0;
			this.#rest = next.value;
		}
		const piece = this.#rest.subarray(0, limit);
		this.#rest = this.#rest.subarray(piece.length);
		this.#position += piece.length;
		return piece;
	}
	/** Exactly `count` bytes, fewer only at the end or before an error, which the next read then throws. */
	async take(count) {
		const pieces = [];
		let missing = count;
		try {
			while (missing > 0) {
				const piece = await this.some(missing);
				if (!piece) break;
				pieces.push(piece);
				missing -= piece.length;
			}
		} catch (thrown) {
			if (pieces.length === 0 || !(thrown instanceof Error)) throw thrown;
			this.#failure = thrown;
		}
		return Buffer.concat(pieces);
	}
	/** Puts bytes back: they come next. */
	unread(bytes) {
		if (bytes.length === 0) return;
		this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest]);
		this.#position -= bytes.length;
	}
	/** Reads what is left; the number of its bytes, zeros at its beginning left out (tapes are filled up with them). */
	async countRest() {
		let bytes = 0;
		for (let piece = await this.some(Infinity); piece; piece = await this.some(Infinity)) if (bytes > 0 || piece.some((byte) => byte !== 0)) bytes += piece.length;
		return bytes;
	}
	/** Goes on to `position`; false when the stream ends before it. */
	async skipTo(position) {
		while (this.#position < position) if (!await this.some(position - this.#position)) return false;
		return true;
	}
	async close() {
		await this.#chunks.return?.();
	}
};
/** First {@link HEAD_BYTES} of a stream; what came before an error is enough. */
async function takeHead(stream) {
	const pieces = [];
	let have = 0;
	try {
		for await (const chunk of stream) {
			pieces.push(chunk);
			have += chunk.length;
			if (have >= 65536) break;
		}
	} catch (thrown) {
		if (have === 0) throw thrown;
	}
	return Buffer.concat(pieces).subarray(0, HEAD_BYTES);
}
/** A stream without its first bytes. */
async function* dropFirst(stream, count) {
	let left = count;
	for await (const chunk of stream) {
		if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
		left = Math.max(0, left - chunk.length);
	}
}
/** All bytes of a stream, undefined when there are more than `limit`. */
async function collectBytes(stream, limit) {
	const pieces = [];
	let have = 0;
	for await (const chunk of stream) {
		have += chunk.length;
		if (have > limit) return void 0;
		pieces.push(chunk);
	}
	return Buffer.concat(pieces, have);
}
// ../perf/core/evidence/containers/coded-member.ts
/** The one content of a coded file (gz, zst), decoded each time it is opened. */
function codedMember(source, name, budget, decode) {
	const meter = budget.meter();
	const open = (from = 0) => dropFirst(meter(decode(source.open())), from);
	let head;
	return {
		kind: "member",
		name,
		size: null,
		open,
		head: () => head ??= takeHead(open())
	};
}
/** `Security.evtx` for `logs/Security.evtx.gz`; `.tgz` and the like become `.tar`. */
function nameWithout(name, ending) {
	const base = name.split(/[\\/]/).at(-1) ?? name;
	const short = base.replace(/\.(?:tgz|taz|tzst)$/i, ".tar").replace(ending, "");
	return short === "" ? base : short;
}
// ../perf/core/evidence/containers/decompress.ts
/** Bytes given to the decoder at once: a thousandfold ratio then stays a few megabytes in memory. */
var SLICE = 16384;
/** Bytes a decoder hands out at once. */
var DECODED_CHUNK = 131072;
/**
* Drives a decoder of `node:zlib` by hand to the end of one coded content; what stands behind it is left in the reader. A
* stream piped through it loses what it has decoded when an error comes; here all that came before the error is handed
* on first, so a cut-off archive is read up to the cut.
* @throws whatever the decoder says, after the last good byte
*/
async function* decompress(decoder, reader) {
	const ready = [];
	const state = {
		failure: void 0,
		hasEnded: false
	};
	let wake;
	decoder.on("data", (chunk) => ready.push(chunk));
	decoder.on("error", (error) => {
		state.failure ??= error;
		wake?.();
	});
	decoder.on("end", () => {
		state.hasEnded = true;
		wake?.();
	});
	const settled = (start) => new Promise((resolve) => {
		wake = resolve;
		start(resolve);
	});
	let given = 0;
	try {
		for (;;) {
			const slice = await reader.some(SLICE);
			if (!slice) break;
			given += slice.length;
			await settled((done) => decoder.write(slice, () => done()));
			yield* ready.splice(0);
			if (state.failure) throw state.failure;
			if (state.hasEnded) {
				reader.unread(slice.subarray(slice.length - (given - decoder.bytesWritten)));
				return;
			}
		}
		await settled(() => decoder.end());
		yield* ready.splice(0);
		if (state.failure) throw state.failure;
	} finally {
		decoder.destroy();
	}
}
// ../perf/core/evidence/containers/gunzip.ts
var FIXED_HEADER$1 = 10;
var TRAILER = 8;
var HAS_HEADER_CRC = 2;
var HAS_EXTRA$1 = 4;
var HAS_NAME$1 = 8;
var HAS_COMMENT = 16;
/** Name and comment have no length of their own; one that never ends is no gzip. */
var MAX_TEXT = 65536;
var isGzip = (head) => head[0] === 31 && head[1] === 139 && head[2] === 8 && ((head[3] ?? 255) & 224) === 0;
/**
* gzip (RFC 1952): its members one after the other, each checked by its CRC. Zlib's own reader drops what it has read
* when anything stands behind the last member.
* @param onRest told how many bytes that are no gzip stand behind it
* @throws Error after the last good byte
*/
async function* gunzip(stream, onRest) {
	const reader = new ByteReader(stream);
	try {
		for (let isFirst = true;; isFirst = false) {
			const head = await reader.take(FIXED_HEADER$1);
			if (head.length < FIXED_HEADER$1 || !isGzip(head)) {
				reader.unread(head);
				const rest = isFirst ? 0 : await reader.countRest();
				if (rest > 0) onRest?.(rest);
				if (isFirst) throw new Error("no gzip header");
				return;
			}
			await skipHeader(reader, head[3] ?? 0);
			let sum = 0;
			for await (const chunk of decompress(createInflateRaw({ chunkSize: DECODED_CHUNK }), reader)) {
				sum = crc32(chunk, sum);
				yield chunk;
			}
			const trailer = await reader.take(TRAILER);
			if (trailer.length < TRAILER) throw new Error("unexpected end of file");
			if (trailer.readUInt32LE(0) !== sum) throw new Error("CRC-32 does not fit");
		}
	} finally {
		await reader.close();
	}
}
async function skipHeader(reader, flags) {
	if ((flags & HAS_EXTRA$1) !== 0) {
		const length = await reader.take(2);
		if (length.length === 2) await reader.take(length.readUInt16LE(0));
	}
	if ((flags & HAS_NAME$1) !== 0) await skipText(reader);
	if ((flags & HAS_COMMENT) !== 0) await skipText(reader);
	if ((flags & HAS_HEADER_CRC) !== 0) await reader.take(2);
}
async function skipText(reader) {
	for (let left = MAX_TEXT; left > 0;) {
		const piece = await reader.some(left);
		if (!piece) return;
		const end = piece.indexOf(0);
		if (end !== -1) {
			reader.unread(piece.subarray(end + 1));
			return;
		}
		left -= piece.length;
	}
	throw new Error("a name in the gzip header has no end");
}
// ../perf/core/evidence/containers/member-name.ts
/** A name of a megabyte would fill every locator and every report line. */
var MAX_NAME = 500;
/** Characters that move the cursor, hide text or turn its direction: shown as what they are, never obeyed. */
var UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Velociraptor keeps `C:` as `C%3A` and the like below `uploads/`. */
var VELOCIRAPTOR_UPLOAD = /(?:^|\/)uploads\/(?:auto|file|ntfs|mft|lazy_ntfs|sparse|data|registry|raw_reg)\//;
/** The name of a member as people read it: data, never a path that is opened. */
function memberName(raw) {
	const seen = (VELOCIRAPTOR_UPLOAD.test(raw) ? decodePercent(raw) : raw).replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
	return seen.length <= MAX_NAME ? seen : `${seen.slice(0, MAX_NAME)}…`;
}
function decodePercent(text) {
	return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
		const decoded = Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8");
		return decoded.includes("�") ? run : decoded;
	});
}
/** Tells members of one name apart: the second `a.json` is `a.json (2)`. */
var NameCounter = class {
	#seen = /* @__PURE__ */ new Map();
	next(name) {
		const count = (this.#seen.get(name) ?? 0) + 1;
		this.#seen.set(name, count);
		return count === 1 ? name : `${name} (${count})`;
	}
};
// ../perf/core/evidence/containers/gzip.container.ts
var HAS_EXTRA = 4;
var HAS_NAME = 8;
var FIXED_HEADER = 10;
/** The name in the header (RFC 1952 2.3.1), if there is one. */
function headerName(head) {
	const flags = head[3] ?? 0;
	if ((flags & HAS_NAME) === 0) return void 0;
	let at = FIXED_HEADER;
	if ((flags & HAS_EXTRA) !== 0) at += 2 + (head[at] ?? 0) + (head[at + 1] ?? 0) * 256;
	const end = head.indexOf(0, at);
	if (end <= at) return void 0;
	const bytes = head.subarray(at, end);
	const utf8 = new TextDecoder().decode(bytes);
	return (utf8.includes("�") ? Buffer.from(bytes).toString("latin1") : utf8).split(/[\\/]/).at(-1);
}
/** gzip (RFC 1952): one content, also when it was written as several members one after the other. */
var container$4 = {
	id: "gzip",
	isCoding: true,
	recognises: isGzip,
	async *list(source, { budget }) {
		const name = memberName(headerName(await source.head()) ?? nameWithout(source.name, /\.gz$/i));
		const left = [];
		yield codedMember(source, name, budget, (stream) => gunzip(stream, (bytes) => left[0] = problem("", "archive.trailing_bytes", `${bytes} bytes`)));
		yield* left;
	}
};
// ../perf/core/evidence/containers/sealed-archive.ts
/** The whole archive is held in memory, and so is the dictionary it was packed with. */
var MAX_BYTES = 536870912;
/** Bytes unpacked at once. */
var PIECE$1 = 262144;
var FILE_TYPE = 61440;
var FOLDER = 16384;
var REGULAR = 32768;
/** An archive in libarchive's own memory. It reads forward only; going back opens it anew from there. */
var SealedArchive = class SealedArchive {
	#library;
	#bytes;
	#length;
	#handle;
	/** Members whose header has been read. */
	#read = 0;
	#isFree = false;
	failure;
	constructor(library, bytes, length, handle) {
		this.#library = library;
		this.#bytes = bytes;
		this.#length = length;
		this.#handle = handle;
	}
	/**
	* Copies the archive into the library's memory piece by piece and opens it.
	* @throws WorkbenchError `evidence.archive_broken`, `evidence.too_large`
	*/
	static async open(source) {
		const { libarchiveWasm } = await import("libarchive-wasm");
		const library = await libarchiveWasm();
		const { pointer, length } = await copyIn(library, source);
		let handle;
		try {
			handle = library.read_new_memory(pointer, length);
		} catch (cause) {
			throw new WorkbenchError("evidence.archive_broken", {
				name: source.name,
				reason: "no archive inside"
			}, { cause });
		}
		return new SealedArchive(library, pointer, length, handle);
	}
	/** The next member; undefined at the end, and then `failure` tells whether it was the right one. */
	next() {
		try {
			return this.#next();
		} catch (thrown) {
			this.failure = reasonOf(thrown);
			return;
		}
	}
	#next() {
		const entry = this.#library.read_next_entry(this.#handle);
		if (entry === 0) {
			this.failure = this.#library.error_string(this.#handle) || void 0;
			return;
		}
		this.#read += 1;
		const type = this.#library.entry_filetype(entry) & FILE_TYPE;
		const link = this.#library.entry_symlink(entry) || this.#library.entry_hardlink(entry) || "";
		return {
			name: this.#library.entry_pathname(entry) || `member ${this.#read}`,
			size: this.#library.entry_size(entry),
			type: type === FOLDER ? "folder" : type === REGULAR && link === "" ? "file" : "link",
			link,
			isLocked: this.#library.entry_is_encrypted(entry) !== 0
		};
	}
	/** Makes `next()` give member `ordinal` (from 0), whatever was read before. */
	seek(ordinal) {
		if (this.#read > ordinal) {
			this.#library.read_free(this.#handle);
			this.#handle = this.#library.read_new_memory(this.#bytes, this.#length);
			this.#read = 0;
		}
		while (this.#read < ordinal && this.next());
	}
	/** The content of the member that `next()` gave last. */
	async *content() {
		const target = this.#library.module._malloc(PIECE$1);
		try {
			for (;;) {
				const count = this.#library.read_data(this.#handle, target, PIECE$1);
				if (count === 0) return;
				yield this.#library.module.HEAPU8.slice(target, target + count);
			}
		} finally {
			if (!this.#isFree) this.#library.module._free(target);
		}
	}
	close() {
		if (this.#isFree) return;
		this.#isFree = true;
		if (this.failure !== void 0) return;
		this.#library.read_free(this.#handle);
		this.#library.module._free(this.#bytes);
	}
};
async function copyIn(library, source) {
	const tooLarge = () => new WorkbenchError("evidence.too_large", {
		name: source.name,
		limit: `${MAX_BYTES / 1024 / 1024} MiB`
	});
	if (source.size === null) {
		const bytes = await collectBytes(source.open(), MAX_BYTES);
		if (!bytes) throw tooLarge();
		const pointer = library.module._malloc(bytes.length);
		if (pointer === 0) throw tooLarge();
		library.module.HEAPU8.set(bytes, pointer);
		return {
			pointer,
			length: bytes.length
		};
	}
	const pointer = source.size > MAX_BYTES ? 0 : library.module._malloc(source.size);
	if (pointer === 0) throw tooLarge();
	let length = 0;
	for await (const chunk of source.open()) {
		if (length + chunk.length > source.size) throw tooLarge();
		library.module.HEAPU8.set(chunk, pointer + length);
		length += chunk.length;
	}
	return {
		pointer,
		length
	};
}
// ../perf/core/evidence/containers/pass-member.ts
/** Members up to this size are held in memory, so that looking through one before it is read needs no second pass. */
var HELD_BYTES = 1048576;
var PIECE = 262144;
/**
* A member of a container that is read forward in one pass (tar, 7z). Opened first it is read off that pass; opened again
* it is looked up once more, which costs a second pass up to it.
*/
var PassMember = class {
	kind = "member";
	name;
	size;
	#reader;
	#again;
	#start;
	#first;
	#isTaken = false;
	/**
	* @param size null when only reading tells
	* @param reader the pass, standing at the first byte of the member
	* @param again the content of the member once more, from one of its bytes on; may run past its end
	*/
	constructor(name, size, reader, again) {
		this.name = name;
		this.size = size;
		this.#reader = reader;
		this.#start = reader.position;
		this.#again = again;
	}
	async head() {
		return (await this.#begin()).subarray(0, HEAD_BYTES);
	}
	async *open(from = 0) {
		const first = await this.#begin();
		if (from < first.length) yield first.subarray(from);
		const at = Math.max(from, first.length);
		let left = this.size === null ? Infinity : this.size - at;
		if (left <= 0 || this.size === null && first.length < HELD_BYTES) return;
		const isNext = !this.#isTaken && this.#reader.position === this.#start + at;
		this.#isTaken = true;
		const reader = isNext ? this.#reader : new ByteReader(this.#again(at));
		try {
			while (left > 0) {
				const piece = await reader.some(Math.min(left, PIECE));
				if (!piece && this.size === null) return;
				if (!piece) throw new Error(`${left} bytes are missing`);
				left -= piece.length;
				yield piece;
			}
		} finally {
			if (!isNext) await reader.close();
		}
	}
	/** The first bytes, read once; all of a small member. */
	async #begin() {
		const count = this.size === null ? HELD_BYTES : this.size <= HELD_BYTES ? this.size : HEAD_BYTES;
		return this.#first ??= await this.#reader.take(count);
	}
};
// ../perf/core/evidence/containers/sealed-members.ts
/** Beyond this the rest of the members is an issue. */
var MAX_MEMBERS$2 = 1e5;
/**
* Files of an archive that libarchive reads, in its order; links and locked ones are problems.
* @param options.areSizesKnown false where a member may not say how long it is (a ZIP read without its directory)
* @returns how many members there were, folders included
*/
async function* listSealed(archive, budget, options) {
	const names = new NameCounter();
	let ordinal = 0;
	for (let entry = archive.next(); entry; entry = archive.next()) {
		if (ordinal >= MAX_MEMBERS$2) {
			yield problem("", "archive.too_many_members", String(MAX_MEMBERS$2));
			return ordinal;
		}
		if (entry.type !== "folder") {
			const name = names.next(memberName(entry.name));
			const size = options.areSizesKnown || entry.size > 0 ? entry.size : null;
			if (entry.type === "link") yield problem(name, "archive.link_member", memberName(entry.link));
			else if (entry.isLocked) yield problem(name, "archive.encrypted_member", `${entry.size} bytes`);
			else yield sealedMember(archive, ordinal, name, size, budget);
		}
		ordinal += 1;
		archive.seek(ordinal);
	}
	return ordinal;
}
/** Member `ordinal`, which the archive has just given. */
function sealedMember(archive, ordinal, name, size, budget) {
	const meter = budget.meter();
	return new PassMember(name, size, new ByteReader(meter(archive.content())), (from) => {
		archive.seek(ordinal);
		archive.next();
		return dropFirst(meter(archive.content()), from);
	});
}
// ../perf/core/evidence/containers/sealed.container.ts
var SIGNATURES$1 = [
	[
		55,
		122,
		188,
		175,
		39,
		28
	],
	[
		82,
		97,
		114,
		33,
		26,
		7
	],
	[
		253,
		55,
		122,
		88,
		90,
		0
	]
];
/** bzip2: `BZh`, a digit, and the first six digits of pi. */
var isBzip2 = (head) => hasBytes(head, [
	66,
	90,
	104
]) && hasBytes(head, [
	49,
	65,
	89,
	38,
	83,
	89
], 4);
/** xz and bzip2 hold a tar, or one file by itself, which libarchive does not give out. */
var isSingleFile = (head) => hasBytes(head, [
	253,
	55,
	122,
	88,
	90
]) || isBzip2(head);
/**
* 7z and RAR, and tars under xz or bzip2, through libarchive, which runs as WebAssembly: what a hostile archive breaks
* stays inside. It opens no locked 7z or RAR.
*/
var container$3 = {
	id: "sealed",
	isCoding: false,
	recognises: (head) => SIGNATURES$1.some((bytes) => hasBytes(head, bytes)) || isBzip2(head),
	async *list(source, { budget }) {
		const archive = await SealedArchive.open(source);
		try {
			const ordinal = yield* listSealed(archive, budget, { areSizesKnown: true });
			const failure = archive.failure;
			if (failure === void 0) return;
			if (ordinal > 0) yield problem("", "archive.cut_off", failure);
			else if (/encrypt/i.test(failure)) throw new WorkbenchError("evidence.encrypted", { name: source.name });
			else if (isSingleFile(await source.head())) throw new WorkbenchError("evidence.archive_unsupported", { name: source.name });
			else throw new WorkbenchError("evidence.archive_broken", {
				name: source.name,
				reason: failure
			});
		} finally {
			archive.close();
		}
	}
};
var CHECKSUM_AT = 148;
var SIZE_AT = 124;
var PREFIX_AT = 345;
/** True for a block whose checksum fits: the one thing every tar has in common (POSIX.1-1988 ustar). */
function isTarHeader(block) {
	if (block.length < 512 || block[0] === 0) return false;
	let sum = 0;
	for (let at = 0; at < 512; at += 1) sum += at >= CHECKSUM_AT && at < 156 ? 32 : block[at] ?? 0;
	return octal(block.subarray(CHECKSUM_AT, 156)) === sum;
}
function readTarHeader(block) {
	const name = text(block.subarray(0, 100));
	const prefix = text(block.subarray(257, 262)) === "ustar" && block[262] === 0 ? text(block.subarray(PREFIX_AT, 500)) : "";
	return {
		name: prefix === "" ? name : `${prefix}/${name}`,
		size: number(block.subarray(SIZE_AT, 136)),
		type: block[156] === 0 ? "" : String.fromCharCode(block[156] ?? 0),
		link: text(block.subarray(157, 257))
	};
}
/** Up to the first NUL; UTF-8 where it is such. */
function text(bytes) {
	const end = bytes.indexOf(0);
	const own = end === -1 ? bytes : bytes.subarray(0, end);
	const utf8 = new TextDecoder().decode(own);
	return utf8.includes("�") ? Buffer.from(own).toString("latin1") : utf8;
}
function octal(bytes) {
	const digits = text(bytes).trim();
	return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : digits === "" ? 0 : NaN;
}
/** Octal digits, or base 256 behind a set top bit (GNU, for sizes above 8 GiB). NaN for anything else. */
function number(bytes) {
	const first = bytes[0] ?? 0;
	if ((first & 128) === 0) return octal(bytes);
	if (first !== 128) return NaN;
	let value = 0;
	for (const byte of bytes.subarray(1)) value = value * 256 + byte;
	return Number.isSafeInteger(value) ? value : NaN;
}
/** The records `LENGTH KEY=VALUE\n` of a pax header (POSIX.1-2001); what does not fit ends the list. */
function readPax(bytes) {
	const found = /* @__PURE__ */ new Map();
	let at = 0;
	while (at < bytes.length) {
		const space = bytes.indexOf(32, at);
		const length = space === -1 ? NaN : Number(bytes.toString("latin1", at, space));
		if (!Number.isInteger(length) || length <= space - at || at + length > bytes.length) break;
		const record = bytes.toString("utf8", space + 1, at + length - 1);
		const equals = record.indexOf("=");
		if (equals > 0) found.set(record.slice(0, equals), record.slice(equals + 1));
		at += length;
	}
	return found;
}
// ../perf/core/evidence/containers/tar.container.ts
/** A tar of a million empty files; beyond this the rest is an issue. */
var MAX_MEMBERS$1 = 1e5;
/** A long name or a pax header of gigabytes would have to be held in memory. */
var MAX_META_BYTES = 1048576;
var FILES = /* @__PURE__ */ new Set([
	"",
	"0",
	"7"
]);
var META = /* @__PURE__ */ new Set([
	"L",
	"K",
	"x",
	"g"
]);
/** Folders and the label of a volume hold nothing. */
var NOTHING = /* @__PURE__ */ new Set(["5", "V"]);
var padded = (size) => Math.ceil(size / 512) * 512;
/**
* tar: ustar, GNU (long names, sizes above 8 GiB) and pax, read in one pass; sparse files and links are named and left
* out. Written here because a reader is needed that hands on what stood before a cut, holds no header of any size in
* memory, and knows the offset of each member to open it twice.
*/
var container$2 = {
	id: "tar",
	isCoding: false,
	recognises: (head) => isTarHeader(head.subarray(0, 512)),
	async *list(source) {
		const reader = new ByteReader(source.open());
		const names = new NameCounter();
		let pax = /* @__PURE__ */ new Map();
		let global = /* @__PURE__ */ new Map();
		let longName;
		let members = 0;
		try {
			for (;;) {
				const block = await reader.take(512);
				if (block.length === 0) return;
				if (block.every((byte) => byte === 0)) {
					if (block.length === 512) yield* rest(await reader.countRest());
					return;
				}
				if (!isTarHeader(block)) {
					yield problem("", block.length < 512 ? "archive.cut_off" : "archive.broken_header", place(reader));
					return;
				}
				const header = readTarHeader(block);
				const stated = pax.get("size") ?? global.get("size");
				const size = stated !== void 0 && FILES.has(header.type) ? Number(stated) : header.size;
				if (!Number.isSafeInteger(size) || size < 0) {
					yield problem(memberName(header.name), "archive.broken_header", place(reader));
					return;
				}
				const start = reader.position;
				const end = start + padded(size);
				if (META.has(header.type)) {
					if (size > MAX_META_BYTES) yield problem("", "archive.header_too_long", `${size} bytes`);
					else {
						const meta = await reader.take(size);
						if (header.type === "x") pax = readPax(meta);
						else if (header.type === "g") global = new Map([...global, ...readPax(meta)]);
						else if (header.type === "L") longName = text(meta);
					}
					if (!await reader.skipTo(end)) yield problem("", "archive.cut_off", place(reader));
					continue;
				}
				const isSparse = header.type === "S" || [...pax.keys()].some((key) => key.startsWith("GNU.sparse."));
				const raw = pax.get("GNU.sparse.name") ?? pax.get("path") ?? longName ?? global.get("path") ?? header.name;
				const link = pax.get("linkpath") ?? header.link;
				pax = /* @__PURE__ */ new Map();
				longName = void 0;
				if (!(NOTHING.has(header.type) || raw.endsWith("/") && size === 0)) {
					if (++members > MAX_MEMBERS$1) {
						yield problem("", "archive.too_many_members", String(MAX_MEMBERS$1));
						return;
					}
					const name = names.next(memberName(raw));
					if (isSparse) yield problem(name, "archive.sparse_member", `${size} bytes`);
					else if (FILES.has(header.type)) yield new PassMember(name, size, reader, (from) => source.open(start + from));
					else yield problem(name, "archive.link_member", memberName(link));
				}
				if (!await reader.skipTo(start + size)) {
					yield problem("", "archive.cut_off", place(reader));
					return;
				}
				if (!await reader.skipTo(end)) return;
			}
		} catch (thrown) {
			yield problem("", "archive.cut_off", `${place(reader)}: ${reasonOf(thrown)}`);
		} finally {
			await reader.close();
		}
	}
};
var place = (reader) => `byte ${reader.position}`;
function* rest(bytes) {
	if (bytes > 0) yield problem("", "archive.trailing_bytes", `${bytes} bytes`);
}
// ../perf/core/evidence/containers/zip-aes.ts
var EXTRA_ID = 39169;
var ITERATIONS = 1e3;
var VERIFIER = 2;
/** First bytes of HMAC-SHA1 over what is enciphered, behind it. */
var CODE = 10;
var BLOCK = 16;
/** Counter blocks enciphered at once. */
var BLOCKS = 4096;
/** Undefined when the field is missing or names a strength that does not exist. */
function readAesField(entry) {
	const data = entry.extraFields.find((field) => field.id === EXTRA_ID)?.data;
	if (!data || data.length < 7) return void 0;
	const strength = data.readUInt8(4);
	if (strength < 1 || strength > 3) return void 0;
	return {
		keyBytes: 8 + strength * 8,
		saltBytes: 4 + strength * 4,
		method: data.readUInt16LE(5),
		hasCrc: data.readUInt16LE(0) === 1
	};
}
/** How many bytes of a member tell whether a password fits. */
var lockBytes = (member) => member.saltBytes + VERIFIER;
/** The keys of a password, undefined when it does not fit. @param lock the first {@link lockBytes} of the member */
function openLock(member, lock, password) {
	const { keyBytes, saltBytes } = member;
	const salt = lock.subarray(0, saltBytes);
	const derived = pbkdf2Sync(password, salt, ITERATIONS, keyBytes * 2 + VERIFIER, "sha1");
	const verifier = lock.subarray(saltBytes);
	if (verifier.length !== VERIFIER || !timingSafeEqual(derived.subarray(keyBytes * 2), verifier)) return void 0;
	return {
		cipher: derived.subarray(0, keyBytes),
		code: derived.subarray(keyBytes, keyBytes * 2)
	};
}
/**
* Deciphers a member whose lock is already behind: AES in counter mode, the counter little-endian from 1.
* @param bytes length of what follows the lock, the code at the end included
* @throws Error at the end when the code does not fit: the member was changed
*/
async function* decryptAes(stream, bytes, keys) {
	const mac = createHmac("sha1", keys.code);
	const keystream = new Keystream(keys.cipher);
	let left = Math.max(0, bytes - CODE);
	const code = [];
	for await (const chunk of stream) {
		const body = chunk.subarray(0, left);
		left -= body.length;
		if (body.length < chunk.length) code.push(chunk.subarray(body.length));
		if (body.length === 0) continue;
		mac.update(body);
		yield keystream.apply(body);
	}
	const found = Buffer.concat(code);
	if (left > 0 || found.length !== CODE || !timingSafeEqual(mac.digest().subarray(0, CODE), found)) throw new Error("authentication code does not fit");
}
var Keystream = class {
	#cipher;
	#counter = 1;
	#ready = /* @__PURE__ */ new Uint8Array(0);
	constructor(key) {
		this.#cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
	}
	apply(bytes) {
		const plain = new Uint8Array(bytes.length);
		for (let at = 0; at < bytes.length; at += 1) {
			if (this.#ready.length === 0) this.#ready = this.#next();
			const run = Math.min(this.#ready.length, bytes.length - at);
			for (let index = 0; index < run; index += 1) plain[at + index] = (bytes[at + index] ?? 0) ^ (this.#ready[index] ?? 0);
			this.#ready = this.#ready.subarray(run);
			at += run - 1;
		}
		return plain;
	}
	#next() {
		const counters = Buffer.alloc(BLOCKS * BLOCK);
		for (let block = 0; block < BLOCKS; block += 1) {
			counters.writeUInt32LE(this.#counter >>> 0, block * BLOCK);
			counters.writeUInt32LE(Math.floor(this.#counter / 2 ** 32), block * BLOCK + 4);
			this.#counter += 1;
		}
		return this.#cipher.update(counters);
	}
};
/** One step of CRC-32 over one byte: the table of the polynomial, read off zlib. */
var TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
	return (crc32(Uint8Array.of(byte), 4294967295) ^ 4294967295) >>> 0;
});
var step = (register, byte) => register >>> 8 ^ (TABLE[(register ^ byte) & 255] ?? 0);
/** The traditional cipher of PKZIP (APPNOTE 6.1): three registers, fed with the password and then with the plain text. */
var ZipCrypto = class {
	#a = 305419896;
	#b = 591751049;
	#c = 878082192;
	constructor(password) {
		for (const byte of password) this.#feed(byte);
	}
	#feed(byte) {
		this.#a = step(this.#a, byte);
		this.#b = Math.imul(this.#b + (this.#a & 255), 134775813) + 1 | 0;
		this.#c = step(this.#c, this.#b >>> 24);
	}
	decrypt(bytes) {
		const plain = new Uint8Array(bytes.length);
		for (let at = 0; at < bytes.length; at += 1) {
			const t = this.#c & 65535 | 2;
			const byte = ((bytes[at] ?? 0) ^ Math.imul(t, t ^ 1) >>> 8) & 255;
			plain[at] = byte;
			this.#feed(byte);
		}
		return plain;
	}
};
/** Deciphers a member; its first {@link ZIP_CRYPTO_HEADER} bytes are used up. */
async function* decryptZipCrypto(stream, password) {
	const cipher = new ZipCrypto(password);
	let header = 12;
	for await (const chunk of stream) {
		const plain = cipher.decrypt(chunk);
		const skipped = Math.min(header, plain.length);
		header -= skipped;
		if (plain.length > skipped) yield plain.subarray(skipped);
	}
}
// ../perf/core/evidence/containers/zip-content.ts
var STORED = 0;
var DEFLATED = 8;
var ZSTD = 93;
/** Flag: PKWARE's strong encryption, which nobody but PKWARE reads. */
var STRONG = 64;
var SIZES_FOLLOW$1 = 8;
var SMALLEST_CHUNK = 4096;
/** Unpacked bytes after which a password counts as right. */
var ENOUGH_BYTES = 4194304;
var rawOf = (zip, entry) => async (from, end) => await zip.openReadStreamPromise(entry, {
	decodeFileData: false,
	start: Math.min(from, entry.compressedSize),
	end: Math.min(end ?? entry.compressedSize, entry.compressedSize)
});
/** How to read a member, or why not: `locked` (no password fits) or a compression nobody reads here. */
async function unlock(zip, entry, keyring) {
	const aes = entry.compressionMethod === 99 ? readAesField(entry) : void 0;
	const method = aes?.method ?? entry.compressionMethod;
	if (method !== STORED && method !== DEFLATED && method !== ZSTD) return { method };
	if (!entry.isEncrypted()) return {
		decipher: (raw) => raw(0),
		method,
		hasCrc: true
	};
	if ((entry.generalPurposeBitFlag & STRONG) !== 0) return "locked";
	const raw = rawOf(zip, entry);
	const count = aes ? lockBytes(aes) : 12;
	const lock = await collectBytes(await raw(0, count), count) ?? /* @__PURE__ */ new Uint8Array(0);
	for (const password of keyring.candidates()) {
		let found;
		if (aes) {
			const keys = openLock(aes, lock, password);
			const decipher = keys && (async (open) => decryptAes(await open(count), entry.compressedSize - count, keys));
			found = decipher && {
				decipher,
				method,
				hasCrc: aes.hasCrc
			};
		} else if (new ZipCrypto(password).decrypt(lock).at(-1) === checkByte(entry)) {
			const decipher = async (open) => decryptZipCrypto(await open(0), password);
			const candidate = {
				decipher,
				method,
				hasCrc: true
			};
			if (await isReadable(zip, entry, candidate)) found = candidate;
		}
		if (found) {
			keyring.fitted(password);
			return found;
		}
	}
	return "locked";
}
/** Last byte of the cipher's header: of the CRC, or of the time when the CRC was not known yet. */
var checkByte = (entry) => (entry.generalPurposeBitFlag & SIZES_FOLLOW$1) !== 0 ? entry.lastModFileTime >>> 8 & 255 : entry.crc32 >>> 24;
/** By the CRC at its end; of a packed member as much unpacks by chance only if the password is right. */
async function isReadable(zip, entry, unlocked) {
	try {
		let bytes = 0;
		for await (const chunk of openContent(zip, entry, unlocked)) {
			bytes += chunk.length;
			if (unlocked.method !== STORED && bytes > ENOUGH_BYTES) break;
		}
		return true;
	} catch {
		return false;
	}
}
/**
* The content of a member, checked against the size and CRC of the directory.
* @param onRaw told how many packed bytes have been read
* @throws Error after the last good byte when the member is cut off, changed or longer than it says
*/
async function* openContent(zip, entry, { decipher, method, hasCrc }, onRaw) {
	const raw = rawOf(zip, entry);
	const counted = async (from) => count(await raw(from), from, onRaw);
	const packed = await decipher(counted);
	const content = method === STORED ? packed : decompress(method === ZSTD ? createZstdDecompress(chunks(entry)) : createInflateRaw(chunks(entry)), new ByteReader(packed));
	let bytes = 0;
	let sum = 0;
	for await (const chunk of content) {
		bytes += chunk.length;
		sum = crc32(chunk, sum);
		yield chunk;
	}
	if (bytes !== entry.uncompressedSize) throw new Error(`${bytes} bytes instead of ${entry.uncompressedSize}`);
	if (hasCrc && sum !== entry.crc32) throw new Error("CRC-32 does not fit");
}
/** Ten thousand small members need no buffer of a large one each. */
var chunks = ({ uncompressedSize }) => ({ chunkSize: Math.min(DECODED_CHUNK, Math.max(SMALLEST_CHUNK, uncompressedSize)) });
async function* count(stream, from, onRaw) {
	let bytes = from;
	for await (const chunk of stream) {
		bytes += chunk.length;
		onRaw?.(bytes);
		yield chunk;
	}
}
// ../perf/core/evidence/containers/zip-salvage.ts
/**
* Members of a ZIP without a directory at its end, by the header before each: what a download that was cut off still
* holds.
* @throws WorkbenchError the error given, when there is no whole member either
*/
async function* salvage(source, budget, broken) {
	const archive = await SealedArchive.open(source).catch(() => void 0);
	if (!archive) throw broken;
	try {
		let isSaid = false;
		const members = listSealed(archive, budget, { areSizesKnown: false });
		for (let next = await members.next(); next.done !== true; next = await members.next()) {
			if (!isSaid) yield problem("", "archive.no_directory", String(broken.params["reason"] ?? ""));
			isSaid = true;
			yield next.value;
		}
		if (!isSaid) throw broken;
		if (archive.failure !== void 0) yield problem("", "archive.cut_off", archive.failure);
	} finally {
		archive.close();
	}
}
/** Members packed in a way that is read through libarchive only (Deflate64, LZMA, bzip2, xz, PPMd). */
var RareMembers = class {
	#source;
	#budget;
	#archive;
	#ordinals;
	constructor(source, budget) {
		this.#source = source;
		this.#budget = budget;
	}
	/** The member under this name; undefined when libarchive does not find or read it, or it is one of two of that name. */
	async find(entry, name) {
		try {
			const archive = this.#archive ??= await SealedArchive.open(this.#source);
			const ordinal = (this.#ordinals ??= ordinalsOf(archive)).get(name);
			if (ordinal === void 0) return void 0;
			archive.seek(ordinal);
			const found = archive.next();
			if (found?.size !== entry.uncompressedSize) return void 0;
			const member = sealedMember(archive, ordinal, name, found.size, this.#budget);
			await member.head();
			return member;
		} catch {
			return;
		}
	}
	close() {
		this.#archive?.close();
	}
};
function ordinalsOf(archive) {
	const ordinals = /* @__PURE__ */ new Map();
	const doubled = /* @__PURE__ */ new Set();
	let ordinal = 0;
	for (let entry = archive.next(); entry; entry = archive.next()) {
		const name = memberName(entry.name);
		if (ordinals.has(name)) doubled.add(name);
		ordinals.set(name, ordinal);
		ordinal += 1;
		archive.seek(ordinal);
	}
	for (const name of doubled) ordinals.delete(name);
	return ordinals;
}
/** An archive inside another is held in memory; a larger one has to be unpacked first. */
var MAX_NESTED_BYTES = 268435456;
var LOCAL_HEADER$1 = 30;
/** Flag: sizes and CRC stand behind the member, not in its local header. */
var SIZES_FOLLOW = 8;
var OPTIONS = {
	lazyEntries: true,
	autoClose: false,
	decodeStrings: false,
	validateEntrySizes: false
};
/** @throws WorkbenchError `evidence.archive_broken`, `evidence.too_large` for a nested one beyond the limit */
async function openZip(source) {
	let bytes;
	if (source.path === void 0) {
		bytes = await collectBytes(source.open(), MAX_NESTED_BYTES);
		if (!bytes) throw new WorkbenchError("evidence.too_large", {
			name: source.name,
			limit: `${MAX_NESTED_BYTES / 1024 / 1024} MiB`
		});
	}
	try {
		return await (bytes ? yauzl.fromBufferPromise(bytes, OPTIONS) : yauzl.openPromise(source.path ?? "", OPTIONS));
	} catch (cause) {
		throw new WorkbenchError("evidence.archive_broken", {
			name: source.name,
			reason: reasonOf(cause)
		}, { cause });
	}
}
/** The directory of a ZIP: files in its order; folders hold nothing. What cannot be listed is a problem. */
async function listEntries(zip) {
	const entries = [];
	const problems = [];
	try {
		for await (const entry of zip.eachEntry()) {
			if (entries.length >= 1e5) {
				problems.push(problem("", "archive.too_many_members", String(zip.entryCount)));
				break;
			}
			entries.push(entry);
		}
	} catch (thrown) {
		problems.push(problem("", "archive.cut_off", reasonOf(thrown)));
	}
	const overlapping = findOverlaps(entries);
	const names = new NameCounter();
	const items = [];
	for (const entry of entries) {
		const raw = rawName(entry);
		if (raw.endsWith("/") && entry.uncompressedSize === 0) continue;
		items.push({
			entry,
			name: names.next(memberName(raw)),
			isOverlapping: overlapping.has(entry)
		});
	}
	return {
		items,
		problems
	};
}
/** UTF-8 where it is said or where the bytes are such; else the code page of DOS. Separators become `/`. */
function rawName(entry) {
	const flags = new TextDecoder().decode(entry.fileNameRaw).includes("�") ? entry.generalPurposeBitFlag : entry.generalPurposeBitFlag | 2048;
	return yauzl.getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, false);
}
/** Many members made of the same packed bytes: a small file that unpacks to terabytes. The first one keeps them. */
function findOverlaps(entries) {
	const overlapping = /* @__PURE__ */ new Set();
	let end = 0;
	for (const entry of [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)) {
		const start = entry.relativeOffsetOfLocalHeader;
		if (start < end) overlapping.add(entry);
		else end = start + LOCAL_HEADER$1 + entry.fileNameRaw.length + entry.compressedSize;
	}
	return overlapping;
}
/** What the header before the member says otherwise than the directory; undefined when they agree. */
async function contradiction(zip, entry) {
	const local = await zip.readLocalFileHeaderPromise(entry);
	const said = [];
	if (!local.fileName.equals(entry.fileNameRaw)) said.push(memberName(local.fileName.toString("utf8")));
	if (local.compressionMethod !== entry.compressionMethod) said.push(`method ${local.compressionMethod}`);
	const followsOrHuge = (local.generalPurposeBitFlag & SIZES_FOLLOW) !== 0 || local.uncompressedSize === 4294967295;
	if (!followsOrHuge && local.crc32 !== entry.crc32) said.push("CRC-32");
	if (!followsOrHuge && local.uncompressedSize !== entry.uncompressedSize) said.push(`${local.uncompressedSize} bytes`);
	return said.length > 0 ? said.join(", ") : void 0;
}
// ../perf/core/evidence/containers/zip.container.ts
var LOCAL_HEADER = [
	80,
	75,
	3,
	4
];
var EMPTY_ARCHIVE = [
	80,
	75,
	5,
	6
];
/** Documents and programs that are ZIP files by construction: their members are no evidence of their own. */
var DOCUMENT = /^(?:\[Content_Types\]\.xml|_rels\/|docProps\/|mimetype|META-INF\/|AndroidManifest\.xml)/;
var NAME_LENGTH_AT = 26;
var NAME_AT = 30;
/** Name of the first member, read off its local header. */
function firstName(head) {
	const length = (head[NAME_LENGTH_AT] ?? 0) + (head[27] ?? 0) * 256;
	return Buffer.from(head.subarray(NAME_AT, NAME_AT + length)).toString("latin1");
}
/**
* ZIP (APPNOTE 6.3), also ZIP64, and members under the traditional cipher or WinZip's AES. The directory at the end is
* what counts; a local header that says otherwise is named, and members that share bytes with another are left out. Without
* a directory (a copy that was cut off) the members are told by their own headers.
*/
var container$1 = {
	id: "zip",
	isCoding: false,
	recognises: (head) => hasBytes(head, EMPTY_ARCHIVE) || hasBytes(head, LOCAL_HEADER) && !DOCUMENT.test(firstName(head)),
	async *list(source, { budget, keyring }) {
		const zip = await openZip(source).catch((thrown) => {
			if (thrown instanceof WorkbenchError && thrown.code === "evidence.archive_broken") return thrown;
			throw thrown;
		});
		if (zip instanceof WorkbenchError) {
			yield* salvage(source, budget, zip);
			return;
		}
		const rare = new RareMembers(source, budget);
		try {
			const { items, problems } = await listEntries(zip);
			yield* problems;
			for (const { entry, name, isOverlapping } of items) {
				if (isOverlapping) {
					yield problem(name, "archive.overlapping_member");
					continue;
				}
				try {
					const other = await contradiction(zip, entry);
					if (other !== void 0) yield problem(name, "archive.contradiction", other);
					const unlocked = await unlock(zip, entry, keyring);
					if (unlocked === "locked") {
						yield problem(name, "archive.encrypted_member", `${entry.uncompressedSize} bytes`);
						continue;
					}
					if (!("decipher" in unlocked)) {
						yield (entry.isEncrypted() ? void 0 : await rare.find(entry, name)) ?? problem(name, "archive.unknown_compression", `method ${unlocked.method}`);
						continue;
					}
					const meter = budget.meter();
					const reached = (packed) => source.reached?.(entry.relativeOffsetOfLocalHeader + packed);
					const open = (from = 0) => dropFirst(meter(openContent(zip, entry, unlocked, reached)), from);
					let head;
					yield {
						kind: "member",
						name,
						size: entry.uncompressedSize,
						open,
						head: () => head ??= takeHead(open())
					};
				} catch (thrown) {
					yield problem(name, "archive.broken_member", reasonOf(thrown));
				}
			}
		} finally {
			rare.close();
			zip.close();
		}
	}
};
// ../perf/core/evidence/containers/zstd.container.ts
var isZstd = (head) => hasBytes(head, [
	40,
	181,
	47,
	253
]);
/** Zstandard (RFC 8878): one content, also when it was written as several frames. */
var container = {
	id: "zstd",
	isCoding: true,
	recognises: isZstd,
	async *list(source, { budget }) {
		const left = [];
		yield codedMember(source, memberName(nameWithout(source.name, /\.zstd?$/i)), budget, (stream) => frames(stream, (bytes) => left[0] = problem("", "archive.trailing_bytes", `${bytes} bytes`)));
		yield* left;
	}
};
async function* frames(stream, onRest) {
	const reader = new ByteReader(stream);
	try {
		for (;;) {
			yield* decompress(createZstdDecompress({ chunkSize: DECODED_CHUNK }), reader);
			const next = await reader.take(4);
			reader.unread(next);
			if (isZstd(next)) continue;
			const rest = await reader.countRest();
			if (rest > 0) onRest(rest);
			return;
		}
	} finally {
		await reader.close();
	}
}
// ../perf/core/evidence/containers/registry.ts
/** Every `*.container.ts` of this folder. Adding a kind is adding a file. */
var containers = collect(/* #__PURE__ */ Object.assign({
	"./gzip.container.ts": container$4,
	"./sealed.container.ts": container$3,
	"./tar.container.ts": container$2,
	"./zip.container.ts": container$1,
	"./zstd.container.ts": container
}));
/** The container these first bytes begin, if any. */
var findContainer = (head) => containers.find((container) => container.recognises(head));
/** Ten thousand links or locked members are one finding: this many are named, the others counted. */
var NAMED_PROBLEMS = 100;
var join$1 = (path, name) => path === "" ? name : name === "" ? path : `${path} > ${name}`;
/**
* Everything inside an evidence file, containers in containers opened on the way, in an order that depends on the bytes
* alone. A leaf is read before the next one is asked for.
* @throws WorkbenchError when the evidence file itself is a container of which nothing can be read
*/
async function* walk(source, context) {
	const counts = /* @__PURE__ */ new Map();
	for await (const found of descend(source, context, "", 0)) {
		if (found.kind === "problem") {
			const count = (counts.get(found.code) ?? 0) + 1;
			counts.set(found.code, count);
			if (count > NAMED_PROBLEMS) continue;
		}
		yield found;
	}
	for (const [code, count] of counts) if (count > NAMED_PROBLEMS) yield problem("", "archive.more", `${code} × ${count - NAMED_PROBLEMS}`);
}
async function* descend(source, context, path, depth) {
	const container = findContainer(await source.head());
	if (!container) {
		yield {
			kind: "leaf",
			path,
			source
		};
		return;
	}
	if (depth >= 8) {
		yield problem(path, "archive.too_deep", String(8));
		return;
	}
	let isBegun = false;
	try {
		for await (const found of container.list(source, context)) {
			isBegun = true;
			if (found.kind === "problem") yield problem(join$1(path, found.locator), found.code, found.excerpt);
			else yield* member(found, context, path, depth + 1, container.isCoding);
		}
	} catch (thrown) {
		if (!isDamage(thrown)) throw thrown;
		if (depth === 0 && !isBegun) {
			if (thrown instanceof WorkbenchError) throw thrown;
			throw new WorkbenchError("evidence.archive_broken", {
				name: source.name,
				reason: reasonOf(thrown)
			}, { cause: thrown });
		}
		yield problem(path, problemCode(thrown), reasonOf(thrown.cause ?? thrown));
	}
}
/** What damaged bytes make a reader throw; a bug of ours is none of it. */
var isDamage = (thrown) => thrown instanceof Error && !(thrown instanceof TypeError) && !(thrown instanceof ReferenceError);
async function* member(found, context, path, depth, isCoding) {
	const full = join$1(path, found.name);
	let isContainer;
	try {
		isContainer = findContainer(await found.head()) !== void 0;
	} catch (thrown) {
		if (!(thrown instanceof Error)) throw thrown;
		yield problem(full, problemCode(thrown), reasonOf(thrown));
		return;
	}
	if (isContainer) yield* descend(found, context, isCoding ? path : full, depth);
	else yield {
		kind: "leaf",
		path: full,
		source: found
	};
}
/** The issue code for an error that cost one member. */
function problemCode(thrown) {
	switch (thrown instanceof WorkbenchError ? thrown.code : void 0) {
		case "limit.expansion": return "archive.expansion";
		case "evidence.too_large": return "archive.too_large";
		case "evidence.encrypted": return "archive.encrypted_member";
		case "evidence.archive_broken": return "archive.broken_archive";
		case "evidence.date_order": return "archive.date_order";
		default: return "archive.broken_member";
	}
}
// ../perf/core/evidence/decode-head.ts
/** Share of NUL bytes at odd or even offsets above which text without a byte-order mark is taken as UTF-16. */
var UTF16_NUL_SHARE = .3;
/** Decodes the head of a file for detection: byte-order mark, UTF-16 by NUL pattern, UTF-8, else a code page. */
function decodeHead(head) {
	if (head[0] === 255 && head[1] === 254) return new TextDecoder("utf-16le").decode(head);
	if (head[0] === 254 && head[1] === 255) return new TextDecoder("utf-16be").decode(head);
	let odd = 0;
	let even = 0;
	for (let at = 0; at + 1 < head.length; at += 2) {
		if (head[at] === 0) even += 1;
		if (head[at + 1] === 0) odd += 1;
	}
	const pairs = head.length / 2;
	if (pairs > 8 && odd / pairs > UTF16_NUL_SHARE && even / pairs < .05) return new TextDecoder("utf-16le").decode(head);
	if (pairs > 8 && even / pairs > UTF16_NUL_SHARE && odd / pairs < .05) return new TextDecoder("utf-16be").decode(head);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
	} catch {
		return decodeCodePage(head).text;
	}
}
// ../perf/core/evidence/parts.ts
/** The parts of an evidence file: itself, or what its containers hold. Members are never written to disk. */
async function openParts(file, options) {
	const source = fileSource(file, options.reached);
	const context = {
		budget: new Budget(file.name, file.bytes),
		keyring: new Keyring(options.passwords)
	};
	const container = findContainer(await source.head());
	return {
		isArchive: await holdsSeveral(source, context),
		items: parts()
	};
	async function* parts() {
		for await (const found of walk(source, context)) if (found.kind === "problem") yield found;
		else yield partOf(found, file.name);
		if (container) options.reached?.(file.bytes);
	}
}
function partOf({ path, source }, fileName) {
	if (path === "") return {
		kind: "part",
		name: fileName,
		size: source.size,
		prefix: "",
		failure: void 0,
		head: () => source.head(),
		open: () => source.open()
	};
	let failure;
	return {
		kind: "part",
		name: path,
		size: source.size,
		prefix: `${path} · `,
		get failure() {
			return failure;
		},
		head: () => source.head(),
		async *open() {
			failure = void 0;
			try {
				yield* source.open();
			} catch (thrown) {
				if (!(thrown instanceof Error)) throw thrown;
				failure = thrown;
			}
		}
	};
}
/** True unless the file is one content, perhaps under a coding or two. */
async function holdsSeveral(source, context) {
	const container = findContainer(await source.head());
	if (!container?.isCoding) return container !== void 0;
	for await (const found of container.list(source, {
		...context,
		budget: new Budget("", 0)
	})) if (found.kind === "member") try {
		return await holdsSeveral(found, context);
	} catch (thrown) {
		if (!(thrown instanceof Error)) throw thrown;
		return false;
	}
	return false;
}
function fileSource(file, reached) {
	let head;
	return {
		name: file.name,
		size: file.bytes,
		path: file.path,
		...reached && { reached },
		head: () => Promise.resolve(head ??= readHead(file.path, HEAD_BYTES)),
		open: (from = 0) => {
			let position = from;
			return streamFile(file.path, (count) => reached?.(position += count), from);
		}
	};
}
/** What detection sees of a part. */
async function detectInput(part) {
	const head = await part.head();
	let text;
	return {
		name: part.name,
		head,
		size: part.size,
		get text() {
			return text ??= decodeHead(head);
		}
	};
}
// ../perf/core/evidence/unread-kinds.ts
/** Binary files that responders collect and Redthread does not read, told by their first bytes. Ids stand in issues. */
var SIGNATURES = [
	[
		"lnk",
		[
			76,
			0,
			0,
			0,
			1,
			20,
			2,
			0
		],
		0
	],
	[
		"jump list",
		[
			208,
			207,
			17,
			224,
			161,
			177,
			26,
			225
		],
		0
	],
	[
		"prefetch",
		[
			77,
			65,
			77,
			4
		],
		0
	],
	[
		"prefetch",
		[
			83,
			67,
			67,
			65
		],
		4
	],
	[
		"registry hive",
		[
			114,
			101,
			103,
			102
		],
		0
	],
	[
		"registry log",
		[
			72,
			118,
			76,
			69
		],
		512
	],
	[
		"sqlite",
		[
			83,
			81,
			76,
			105,
			116,
			101,
			32,
			102
		],
		0
	],
	[
		"ese database",
		[
			239,
			205,
			171,
			137
		],
		4
	],
	[
		"$MFT",
		[
			70,
			73,
			76,
			69,
			48,
			0,
			3,
			0
		],
		0
	],
	[
		"$LogFile",
		[
			82,
			83,
			84,
			82
		],
		0
	],
	[
		"etl trace",
		[
			0,
			0,
			1,
			0,
			0
		],
		3
	],
	[
		"executable",
		[77, 90],
		0
	],
	[
		"elf",
		[
			127,
			69,
			76,
			70
		],
		0
	],
	[
		"pdf",
		[
			37,
			80,
			68,
			70,
			45
		],
		0
	],
	[
		"png",
		[
			137,
			80,
			78,
			71
		],
		0
	],
	[
		"jpeg",
		[
			255,
			216,
			255
		],
		0
	],
	[
		"gif",
		[
			71,
			73,
			70,
			56
		],
		0
	],
	[
		"systemd journal",
		[
			76,
			80,
			75,
			83,
			72,
			72,
			82,
			72
		],
		0
	],
	[
		"document",
		[
			80,
			75,
			3,
			4
		],
		0
	]
];
/** A whole ETL header is no fixed signature; the name has to agree. */
var NEEDS_NAME = /* @__PURE__ */ new Map([["etl trace", /\.etl$/i]]);
/** Records of the collectors about themselves: what they copied and what they said. The name and the content agree. */
var COLLECTORS = [
	[
		"KAPE log",
		/(?:^|\/)[^/]*_?ConsoleLog\.txt$/i,
		/KAPE version|Command line:/i
	],
	[
		"KAPE log",
		/(?:^|\/)[^/]*_?(?:Copy|Skip)Log\.csv$/i,
		/^\W*(?:CopiedTimestamp,|SourceFile,SourceFileSha1)/
	],
	[
		"Velociraptor log",
		/(?:^|\/)(?:log|uploads|requests|stats)\.(?:json|csv)$/i,
		/_ts|client_time|vfs_path|VQLClientAction|Uploaded/
	],
	[
		"Velociraptor log",
		/(?:^|\/)(?:collection_context|client_info)\.json$/i,
		/"(?:session_id|client_id|create_time)"/
	],
	[
		"Velociraptor log",
		/\.json\.index$/i,
		/^/
	],
	[
		"UAC log",
		/(?:^|\/)uac\.log(?:\.stderr)?$|(?:^|\/)acquisition\.log$/i,
		/Unix-like Artifacts Collector|\bUAC\b/
	]
];
/** What a collector wrote about its own run; undefined for evidence. */
function collectorRecord(name, head) {
	const named = COLLECTORS.filter(([, pattern]) => pattern.test(name));
	if (named.length === 0) return void 0;
	const text = decodeHead(head.subarray(0, 4096));
	return named.find(([, , content]) => content.test(text))?.[0];
}
/** The kind of a file nobody here reads; undefined when it is not one of the known ones. */
function unreadKind(name, head) {
	if (head.length === 0) return "empty file";
	return SIGNATURES.find(([kind, bytes, at]) => bytes.every((byte, index) => head[at + index] === byte) && (NEEDS_NAME.get(kind)?.test(name) ?? true))?.[0];
}
// ../perf/core/evidence/choose-importer.ts
/** Below this the analyst is asked which format it is. */
var MIN_CONFIDENCE = .15;
/** Two formats closer than this are a tie. */
var TIE = .02;
/** An importer this sure knows the product; below, what is known of the collector's own files goes first. */
var SURE = .5;
/** The importer that reads what a mapping tells it. */
var MAPPED = "mapping";
/** What detection makes of a part. */
async function detectPart(part) {
	const input = await detectInput(part);
	const [best, second] = detectFormat(input);
	if (!best || best.confidence < SURE) {
		const kind = collectorRecord(part.name, input.head);
		if (kind !== void 0) return {
			why: "known-kind",
			kind
		};
	}
	if (best && best.confidence >= MIN_CONFIDENCE) return second && best.confidence - second.confidence < TIE ? {
		why: "ambiguous",
		formats: [best.importer.id, second.importer.id]
	} : best;
	const kind = unreadKind(part.name, input.head);
	if (kind !== void 0) return {
		why: "known-kind",
		kind
	};
	return { why: (sniffCsv(input.text)?.rows.length ?? 0) > 0 ? "needs-mapping" : "unrecognised" };
}
/**
* The importer of a part. A format the analyst named is taken for everything, but a mapping in an archive only for the
* tables no importer knows: the rest of the archive is read as ever.
* @throws WorkbenchError `evidence.ambiguous`, `evidence.needs_mapping`, `evidence.unrecognised` for a lone file
*/
async function choosePart(part, isArchive, format) {
	const forced = format === null ? void 0 : findImporter(format);
	if (forced && !(isArchive && format === MAPPED)) return {
		importer: forced,
		confidence: 1
	};
	const found = await detectPart(part);
	if ("importer" in found) return found;
	if (forced && found.why === "needs-mapping") return {
		importer: forced,
		confidence: 1
	};
	if (isArchive) return found;
	throw questionOf(found, part.name);
}
/** The question a lone file poses. */
function questionOf(unread, name) {
	if (unread.why === "ambiguous") return new WorkbenchError("evidence.ambiguous", {
		name,
		formats: unread.formats
	});
	return new WorkbenchError(unread.why === "needs-mapping" ? "evidence.needs_mapping" : "evidence.unrecognised", { name });
}
/** A file no importer knows, or that poses a question, is refused before anything is written. */
async function assertRecognised(file, format, passwords) {
	if (format !== null && !findImporter(format)) throw new WorkbenchError("request.not_found", { what: format });
	const { items, isArchive } = await openParts(file, { passwords });
	const codes = /* @__PURE__ */ new Set();
	for await (const item of items) if (item.kind === "problem") codes.add(item.code);
	else {
		const choice = await choosePart(item, isArchive, format);
		if ("importer" in choice) return;
		codes.add(choice.why);
	}
	throw nothingRead(file.name, codes);
}
/** Nothing of an archive can be read: the reason that helps most. */
function nothingRead(name, codes) {
	if (codes.has("archive.encrypted_member")) return new WorkbenchError("evidence.encrypted", { name });
	if (codes.has("archive.expansion")) return new WorkbenchError("limit.expansion", {
		name,
		limit: String(200)
	});
	if (codes.has("needs-mapping")) return new WorkbenchError("evidence.needs_mapping", { name });
	if (codes.has("archive.unknown_compression")) return new WorkbenchError("evidence.archive_unsupported", { name });
	const broken = [...codes].find((code) => BROKEN.has(code));
	if (broken !== void 0) return new WorkbenchError("evidence.archive_broken", {
		name,
		reason: broken.replace("archive.", "")
	});
	return new WorkbenchError("evidence.unrecognised", { name });
}
var BROKEN = /* @__PURE__ */ new Set([
	"archive.cut_off",
	"archive.broken_header",
	"archive.broken_member",
	"archive.broken_archive",
	"archive.unknown_compression"
]);
// ../perf/core/evidence/thread-batches.ts
/** What a record is made of dies with its batch: with more room for the young, less of it is ever copied. */
var YOUNG_MB = 24;
/** The thread's code in a build, beside the code that runs here or one folder above it; absent when run from sources. */
function parseThreadUrl() {
	return ["./parse-thread.js", "../parse-thread.js"].map((place) => new URL(place, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
}
/**
* The batches of a file, parsed on another thread.
* @throws what the importer threw there: a WorkbenchError as such, anything else as Error with its message
*/
async function* threadBatches(url, task, file) {
	const start = {
		path: file.path,
		name: file.name,
		bytes: file.bytes,
		importer: task.importer.id,
		context: task.context,
		skip: task.skip
	};
	const worker = new Worker(url, {
		workerData: start,
		resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB }
	});
	const inbox = [];
	let wake = () => void 0;
	let failure;
	let hasEnded = false;
	worker.on("message", (message) => {
		inbox.push(message);
		wake();
	});
	worker.on("error", (error) => {
		failure = error;
		wake();
	});
	worker.on("exit", () => {
		hasEnded = true;
		wake();
	});
	try {
		for (;;) {
			const message = inbox.shift();
			if (message?.type === "batch") {
				yield message.batch;
				worker.postMessage({ type: "next" });
			} else if (message?.type === "end") {
				if (message.error) throw new WorkbenchError(message.error.code, message.error.params);
				if (message.bug !== void 0) throw new Error(message.bug);
				return;
			} else if (failure ?? hasEnded) throw failure ?? new WorkbenchError("internal", { name: "parse-thread" });
			else await new Promise((resolve) => wake = resolve);
		}
	} finally {
		await worker.terminate();
	}
}
// ../perf/core/evidence/batches.ts
/** Below this a thread takes longer to start than it saves. */
var THREAD_BYTES = 8388608;
/**
* The batches of a part. A large file is parsed on a thread of its own while this one writes; a member of an archive
* is parsed here, because its bytes come out of the archive here.
* @param reached told the furthest byte of the file read so far
*/
async function* batchesOf(task, file, reached) {
	const { part } = task;
	const url = part.prefix === "" && part.size === file.bytes && file.bytes >= THREAD_BYTES ? parseThreadUrl() : void 0;
	if (url === void 0) yield* packPart(task, () => 0);
	else for await (const batch of threadBatches(url, task, file)) {
		reached(batch.reached);
		yield batch;
	}
}
// ../perf/core/store/directory-writer.ts
var insertObject = `INSERT INTO directory_object (evidence_id, record, kind, object_id, sid, dn, domain, item, collected_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
var insertEdge = `INSERT INTO directory_edge (evidence_id, record, relation, from_ref, to_ref, inherited) VALUES (?, ?, ?, ?, ?, ?)`;
/** Writes one directory object with the rights it states. */
var DirectoryWriter = class {
	#object;
	#edge;
	constructor(db) {
		this.#object = db.prepare(insertObject);
		this.#edge = db.prepare(insertEdge);
	}
	add(evidenceId, record, item) {
		const { edges, ...facts } = item;
		this.#object.run(evidenceId, record, item.kind, item.objectId, item.sid ?? null, item.dn?.toLowerCase() ?? null, item.domain ?? null, JSON.stringify(facts), item.collectedAt ?? null);
		for (const edge of edges) this.#edge.run(evidenceId, record, edge.right, edge.from, edge.to, edge.isInherited === true ? 1 : 0);
	}
};
// ../perf/core/store/url-key.ts
/**
* How a URL is kept: its normal form once, its host, and a key with reversed labels (`com.evil.www./path?query`), so that
* one B-tree answers every kind of pattern as one range scan (performance.md section 5).
* What is no web address keeps its text and an empty host.
*/
function urlKey(text) {
	const normal = parseUrl(text);
	if (!normal) return {
		url: text,
		host: "",
		key: text
	};
	const reversed = normal.host.split(".").reverse().join(".");
	const rest = normal.path + (normal.query === null ? "" : `?${normal.query}`);
	return {
		url: normal.text,
		host: normal.host,
		key: `${reversed}.${normal.port === null ? "" : `:${normal.port}`}${rest}`
	};
}
// ../perf/core/store/message-writer.ts
var insertMessage = `INSERT INTO message (evidence_id, record, event_id, message_id, unique_id, subject, from_address,
  from_name, reply_to, return_path, mailbox, sent_at, delivered_at, source_ip, source_domain, spf, dkim, dmarc, headers,
  body, recorded_action, in_reply_to, reference_ids)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
var insertRecipient = `INSERT INTO message_recipient (message, address, name, role) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;
var insertAttachment = `INSERT INTO attachment (message, position, name, content_type, bytes, sha256, sha1, md5) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
var findUrl = "SELECT id FROM url WHERE url = ?";
var insertUrl = "INSERT INTO url (url, host, key) VALUES (?, ?, ?)";
var insertMessageUrl = `INSERT INTO message_url (message, position, url_id, original, rewritten, place, label, attachment) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
/** Writes one message copy with its recipients, attachments and URLs. */
var MessageWriter = class {
	#statements;
	constructor(db) {
		this.#statements = {
			message: db.prepare(insertMessage),
			recipient: db.prepare(insertRecipient),
			attachment: db.prepare(insertAttachment),
			findUrl: db.prepare(findUrl).pluck(),
			url: db.prepare(insertUrl),
			messageUrl: db.prepare(insertMessageUrl)
		};
	}
	/** @param eventId the timeline event made for this copy */
	add(evidenceId, record, eventId, item) {
		const run = this.#statements;
		const id = Number(run.message.run(evidenceId, record, eventId, item.messageId, item.uniqueId ?? null, item.subject, item.from?.address ?? null, item.from?.name ?? null, JSON.stringify(item.replyTo.map((address) => address.address)), item.returnPath ?? null, item.mailbox?.toLowerCase() ?? null, item.sentAt, item.deliveredAt, item.sourceIp ?? null, item.sourceDomain ?? null, item.authentication.spf ?? null, item.authentication.dkim ?? null, item.authentication.dmarc ?? null, JSON.stringify(item.headers), item.bodyText ?? null, item.recordedAction ?? null, item.inReplyTo ?? null, JSON.stringify(item.references)).lastInsertRowid);
		for (const recipient of item.recipients) run.recipient.run(id, recipient.address.toLowerCase(), recipient.name ?? null, recipient.role);
		for (const [position, file] of item.attachments.entries()) run.attachment.run(id, position, file.name, file.contentType ?? null, file.bytes ?? null, file.sha256 ?? null, file.sha1 ?? null, file.md5 ?? null);
		for (const [position, link] of item.urls.entries()) {
			const { url, host, key } = urlKey(link.url);
			const urlId = run.findUrl.get(url) ?? Number(run.url.run(url, host, key).lastInsertRowid);
			run.messageUrl.run(id, position, urlId, link.url, link.rewritten ?? null, link.where, link.text ?? null, link.attachment ?? null);
		}
		return id;
	}
};
// ../perf/core/store/raw-forms.ts
var forms = /* @__PURE__ */ new Map();
/** Tells the store who renders the records that an importer keeps in place; the store itself knows no format. */
function addRawForm(id, form) {
	forms.set(id, form);
}
// ../perf/core/store/raw.ts
var headingOf = `SELECT heading FROM raw_heading WHERE evidence_id = ? AND first_record <= ? ORDER BY first_record DESC LIMIT 1`;
/** Column names that stood above the record; null when its format has none. */
var findHeading = (db, evidenceId, record) => db.prepare(headingOf).pluck().get(evidenceId, record) ?? null;
// ../perf/core/evidence/duplicate-items.ts
/** Shorter texts are kept as they are: preparing the compressor takes longer than all the rest. */
var COMPRESSED_FROM = 2048;
/** Items of a duplicate, to keep them with it. */
function packItems(items) {
	const text = Buffer.from(JSON.stringify(items));
	return text.length < COMPRESSED_FROM ? text : zstdCompressSync(text);
}
// ../perf/core/evidence/mail-event.ts
/** The timeline event of a message copy: delivered to a mailbox when that is known, else sent. */
function mailEvent(message) {
	const to = message.recipients.map((recipient) => recipient.address).join(", ");
	const delivered = message.mailbox !== void 0 || message.deliveredAt !== null;
	return {
		type: "event",
		kind: delivered ? "mail-delivered" : "mail-sent",
		at: message.deliveredAt ?? message.sentAt,
		fields: {
			account: delivered ? message.mailbox : message.from?.address,
			messageId: message.messageId ?? void 0,
			sender: message.from?.address,
			recipient: to === "" ? void 0 : to,
			subject: message.subject === "" ? void 0 : message.subject,
			sourceIp: message.sourceIp,
			sourceHost: message.sourceDomain,
			action: message.recordedAction,
			url: message.urls[0]?.url
		}
	};
}
// ../perf/core/evidence/record-sink.ts
/** Column names above raw rows; a hostile header can be megabytes. */
var HEADING_LIMIT = 65536;
var insertIssue = "INSERT INTO issue (evidence_id, locator, code, excerpt, records, record) VALUES (?, ?, ?, ?, ?, ?)";
var insertHeading = `INSERT INTO raw_heading (evidence_id, first_record, heading) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET heading = excluded.heading`;
var insertDuplicate = "INSERT INTO duplicate_record (evidence_id, record, key, items) VALUES (?, ?, ?, ?)";
var textOfString = "SELECT v FROM str WHERE id = ?";
/**
* Writes what an importer yields for one evidence item: raw record, items, issues, duplicate bookkeeping. It keeps the
* conservation figures; the caller owns the transaction and calls `flush` before it ends.
*/
var RecordSink = class {
	#db;
	#evidenceId;
	#strings;
	#events;
	#messages;
	#directory;
	#raw;
	#keys;
	#issue;
	#duplicate;
	#text;
	/** For what is stored within the call instead of coming packed. */
	#packer = new BatchPacker("", false);
	/** Number of the last record with a raw text; numbers are per evidence, from 1. */
	#record;
	/** Number of a text in the dictionary of the parse -> its id in the case. */
	#ids = /* @__PURE__ */ new Uint32Array(4096);
	counts;
	zoneAssumed = false;
	#heading;
	#insertHeading;
	constructor(db, strings, evidenceId, start) {
		this.#db = db;
		this.#evidenceId = evidenceId;
		this.#strings = strings;
		this.#events = new EventWriter(db, strings);
		this.#messages = new MessageWriter(db);
		this.#directory = new DirectoryWriter(db);
		this.#raw = new RawWriter(db, evidenceId);
		this.#keys = new KeyWriter(db, evidenceId);
		this.#issue = db.prepare(insertIssue);
		this.#insertHeading = db.prepare(insertHeading);
		this.#heading = findHeading(db, evidenceId, start.record + 1);
		this.#duplicate = db.prepare(insertDuplicate);
		this.#text = db.prepare(textOfString).pluck();
		this.#record = start.record;
		this.counts = {
			read: start.read,
			stored: start.stored,
			duplicate: start.duplicate,
			rejected: start.rejected
		};
	}
	/** Stores a record, or notes it as duplicate of one with the same key. */
	addRecord(prefix, record) {
		if (this.#packer.add({
			...record,
			locator: prefix + record.locator
		})) this.flush();
	}
	/** Counts what could not be read and keeps it as an issue. */
	addIssue(prefix, issue) {
		if (this.#packer.add({
			...issue,
			locator: prefix + issue.locator
		})) this.flush();
	}
	flush() {
		if (!this.#packer.isEmpty) this.write(this.#packer.takeSync());
		this.#events.flush();
	}
	/** Keeps column names for the records behind them; null at the start of a part takes the last ones away. */
	setHeading(heading) {
		this.#setHeading(heading, this.#record);
	}
	/** Stores a batch. */
	write(batch) {
		const before = this.#record;
		this.#addStrings(batch.strings);
		for (const block of batch.raw) this.#raw.write(before + 1, block, batch.keys);
		const duplicates = this.#keys.add(batch.keys, batch.keyed, before + 1);
		this.#writeItems(batch, duplicates);
		for (const { record, locator, code, excerpt, records } of batch.issues) {
			this.counts.read += records;
			this.counts.rejected += records;
			const number = record < 0 ? null : before + 1 + record;
			this.#issue.run(this.#evidenceId, locator, code, excerpt, records, number);
		}
		for (const { record, text } of batch.headings) this.#setHeading(text, before + record);
		this.#record = before + batch.records;
		this.counts.read += batch.records;
		this.counts.duplicate += duplicates.length;
		this.counts.stored += batch.records - duplicates.length;
		this.#events.flush();
		if (batch.strings.ends.length > 0) indexStrings(this.#db);
	}
	addItem(record, item) {
		if (item.type === "event") {
			if (item.zoneAssumed === true) this.zoneAssumed = true;
			this.#events.add(this.#evidenceId, record, item);
		} else if (item.type === "message") {
			const eventId = this.#events.add(this.#evidenceId, record, mailEvent(item));
			this.#messages.add(this.#evidenceId, record, eventId, item);
		} else this.#directory.add(this.#evidenceId, record, item);
	}
	#setHeading(heading, lastRecord) {
		if (heading === this.#heading) return;
		this.#heading = heading;
		this.#insertHeading.run(this.#evidenceId, lastRecord + 1, heading?.slice(0, HEADING_LIMIT) ?? null);
	}
	#addStrings(strings) {
		const { first, ends, hashes } = strings;
		if (first + ends.length > this.#ids.length) {
			const larger = new Uint32Array((first + ends.length) * 2);
			larger.set(this.#ids);
			this.#ids = larger;
		}
		let index = 0;
		for (const text of textsOf(strings)) {
			this.#ids[first + index] = this.#strings.add(text, hashes[index]);
			index += 1;
		}
	}
	/** Events and what is none in the order of their records; those of known records go to the duplicates instead. */
	#writeItems(batch, duplicates) {
		const { events, items } = batch;
		const known = new Map(duplicates.map((record) => [record, []]));
		for (const [kind, columns] of batch.columns) this.#events.use(kind, [...columns]);
		let next = 0;
		const writeUpTo = (record) => {
			for (; next < items.length && items[next].record <= record; next++) {
				const { record: own, item } = items[next];
				const duplicate = known.get(own);
				if (duplicate) duplicate.push(item);
				else this.addItem(this.#record + 1 + own, item);
			}
		};
		for (let at = 0; at < events.length;) {
			const record = events[at];
			const end = at + 4 + events[at + 3] * 2;
			if (items.length > 0) writeUpTo(record - 1);
			const duplicate = known.size === 0 ? void 0 : known.get(record);
			if (duplicate) duplicate.push(this.#unpackEvent(events, at, end));
			else this.#writeEvent(record, events, at, end);
			at = end;
		}
		writeUpTo(batch.records);
		for (const [record, duplicateItems] of known) {
			const key = batch.keys.subarray(record * 16, (record + 1) * 16);
			this.#duplicate.run(this.#evidenceId, this.#record + 1 + record, key, packItems(duplicateItems));
		}
	}
	#writeEvent(record, cells, at, end) {
		const time = cells[at + 1];
		const kind = cells[at + 2];
		const isAssumed = kind % 2 === 1;
		if (isAssumed) this.zoneAssumed = true;
		const events = this.#events;
		events.begin(this.#evidenceId, this.#record + 1 + record, Number.isNaN(time) ? null : time, kind >> 1, isAssumed);
		for (let cell = at + 4; cell < end; cell += 2) {
			const column = cells[cell];
			const value = cells[cell + 1];
			events.set(column, EVENT_COLUMNS[column].isText ? this.#ids[value] : value);
		}
	}
	/** The event as it was before it was packed. */
	#unpackEvent(cells, at, end) {
		const fields = {};
		for (let cell = at + 4; cell < end; cell += 2) {
			const { name, isText } = EVENT_COLUMNS[cells[cell]];
			const value = cells[cell + 1];
			fields[name] = isText ? this.#text.get(this.#ids[value]) : value;
		}
		const time = cells[at + 1];
		const kind = cells[at + 2];
		return {
			type: "event",
			kind: kindOfNumber(kind >> 1),
			at: Number.isNaN(time) ? null : time,
			...kind % 2 === 1 ? { zoneAssumed: true } : {},
			fields
		};
	}
};
// ../perf/core/evidence/unread-tally.ts
/** So many members of one reason are listed one by one; a triage with 30,000 of them stays readable. */
var LISTED = 50;
/** Names that stand for the others of their kind. */
var NAMES = 5;
/** Endings an archive can make up without end; the rest is one kind. */
var MAX_KINDS = 100;
var Kind = z.object({
	count: z.number(),
	bytes: z.number(),
	names: z.array(z.string())
});
/** As it is kept in the import cursor. */
var State = z.object({
	listed: z.array(z.tuple([z.string(), z.number()])),
	kinds: z.array(z.tuple([z.string(), Kind]))
});
/**
* Members of an archive that were not read, by kind: count, size and first names, for one issue a kind. It is part of
* the import cursor, so a resumed import goes on counting.
*/
var UnreadTally = class UnreadTally {
	/** Members listed so far by why they were not read. */
	#listed = /* @__PURE__ */ new Map();
	#kinds = /* @__PURE__ */ new Map();
	/** Takes up a kept state; undefined or something else starts at nothing. */
	static from(kept) {
		const tally = new UnreadTally();
		const state = State.safeParse(kept);
		if (!state.success) return tally;
		for (const [why, count] of state.data.listed) tally.#listed.set(why, count);
		for (const [kind, entry] of state.data.kinds) tally.#kinds.set(kind, entry);
		return tally;
	}
	/** Counts a member that is not read for this reason. @returns true when it is still to be listed on its own */
	list(why, name, bytes) {
		const listed = this.#listed.get(why) ?? 0;
		if (listed < LISTED) {
			this.#listed.set(why, listed + 1);
			return true;
		}
		const ending = /\.[a-z0-9_-]{1,12}$/i.exec(name)?.[0].toLowerCase() ?? "no ending";
		this.add(why === "unrecognised" ? ending : `${why} ${ending}`, name, bytes);
		return false;
	}
	add(kind, name, bytes) {
		const known = this.#kinds.has(kind) || this.#kinds.size < MAX_KINDS ? kind : "other";
		const entry = this.#kinds.get(known) ?? {
			count: 0,
			bytes: 0,
			names: []
		};
		entry.count += 1;
		entry.bytes += bytes ?? 0;
		if (entry.names.length < NAMES) entry.names.push(name.slice(-100));
		this.#kinds.set(known, entry);
	}
	toJSON() {
		if (this.#listed.size === 0 && this.#kinds.size === 0) return void 0;
		return {
			listed: [...this.#listed],
			kinds: [...this.#kinds]
		};
	}
	/** One line a kind: `lnk × 812, 1048576 bytes: a.lnk, b.lnk, …` */
	lines() {
		return [...this.#kinds].map(([kind, { count, bytes, names }]) => ({
			kind,
			excerpt: `${kind} × ${count}, ${bytes} bytes: ${names.join(", ")}${count > names.length ? ", …" : ""}`
		}));
	}
};
// ../perf/core/evidence/parse-parts.ts
/** Update of one evidence row at the end of a batch. */
var saveCursor = `UPDATE evidence SET cursor = @cursor, read = @read, stored = @stored, duplicate = @duplicate,
  rejected = @rejected, bytes_read = @bytesRead, zone_assumed = @zoneAssumed, format = @format, confidence = @confidence WHERE id = @id`;
/** Parses every part of a file from its cursor on, in batches that each write records, figures and cursor together. */
async function parseParts(db, id, file, options) {
	let bytesRead = 0;
	const reached = (position) => void (bytesRead = Math.max(bytesRead, position));
	const { items, isArchive } = await openParts(file, {
		passwords: options.passwords,
		reached
	});
	const row = findEvidence(db, id);
	if (!row) throw new WorkbenchError("request.not_found", { what: String(id) });
	const start = JSON.parse(row.cursor);
	const tally = UnreadTally.from(start.unread);
	const before = db.prepare("SELECT read, stored, duplicate, rejected, zone_assumed, format, confidence FROM evidence WHERE id = ?").get(id);
	const lastRecord = db.prepare("SELECT coalesce(max(first_record + records - 1), 0) FROM raw_block WHERE evidence_id = ?").pluck().get(id);
	if (row.status !== "importing") db.prepare(`UPDATE evidence SET status = 'importing', error = NULL WHERE id = ?`).run(id);
	const sink = new RecordSink(db, new StringWriter(db), id, {
		...before,
		record: lastRecord
	});
	const save = db.prepare(saveCursor);
	const formats = new Set(before.format === "" ? [] : before.format.split("+"));
	let confidence = before.confidence || 1;
	let assumed = before.zone_assumed === 1;
	const commit = (cursor, work) => {
		db.transaction(() => {
			work();
			sink.flush();
			assumed ||= sink.zoneAssumed;
			save.run({
				id,
				...sink.counts,
				bytesRead: Math.min(bytesRead, file.bytes),
				zoneAssumed: assumed ? 1 : 0,
				format: [...formats].join("+"),
				confidence,
				cursor: JSON.stringify({
					...cursor,
					unread: tally
				})
			});
		})();
		options.onProgress({
			bytes: Math.min(bytesRead, file.bytes),
			totalBytes: file.bytes,
			records: sink.counts.read
		});
	};
	let waiting = [];
	const commitAll = (cursor, work) => {
		const before = waiting;
		waiting = [];
		commit(cursor, () => {
			for (const step of before) step();
			work();
		});
	};
	const note = (locator, code, excerpt) => waiting.push(() => sink.addIssue("", {
		kind: "issue",
		locator,
		code,
		excerpt,
		records: 0
	}));
	const nextPart = (part) => ({
		part,
		records: 0,
		importer: null
	});
	const { hadPasswords } = JSON.parse(row.choices);
	/** The import was cut off behind this lock, or goes on without any of the passwords it began with. */
	const isLockedAgain = (part) => part === start.part && start.importer !== null || hadPasswords === true && options.passwords.length === 0;
	let index = -1;
	for await (const item of items) {
		index += 1;
		options.signal.throwIfAborted();
		if (index < start.part) continue;
		if (item.kind === "problem") {
			if (item.code === "archive.encrypted_member" && isLockedAgain(index)) throw new WorkbenchError("evidence.encrypted", { name: file.name });
			note(item.locator === "" ? file.name : item.locator, item.code, item.excerpt);
			continue;
		}
		const resumed = index === start.part ? start : void 0;
		const kept = resumed?.importer == null ? void 0 : findImporter(resumed.importer);
		const choice = kept ? {
			importer: kept,
			confidence
		} : await choosePart(item, isArchive, options.format ?? row.format_override);
		if (!("importer" in choice)) {
			noteUnread(item, choice, tally, note);
			continue;
		}
		formats.add(choice.importer.id);
		confidence = Math.min(confidence, choice.confidence);
		await parsePart(item, choice.importer, index, resumed?.records ?? 0, sink, commitAll, options, file, reached);
		commitAll(nextPart(index + 1), () => void 0);
	}
	if (index + 1 < start.part) return;
	for (const { excerpt } of tally.lines()) note(file.name, "archive.unread_kind", excerpt);
	commitAll(nextPart(index + 2), () => void 0);
}
/** A member nobody reads: listed on its own, or counted among its kind. */
function noteUnread(part, unread, tally, note) {
	const size = part.size === null ? "" : `${part.size} bytes`;
	if (unread.why === "known-kind") tally.add(unread.kind, part.name, part.size);
	else if (tally.list(unread.why, part.name, part.size)) note(part.name, UNREAD_CODES[unread.why], unread.why === "ambiguous" ? unread.formats.join(", ") : size);
}
var UNREAD_CODES = {
	ambiguous: "archive.ambiguous_member",
	"needs-mapping": "archive.needs_mapping",
	unrecognised: "archive.unrecognised_member"
};
async function parsePart(part, importer, index, skip, sink, commit, options, file, reached) {
	let seen = 0;
	const write = (batch) => {
		seen = batch.units;
		commit({
			part: index,
			records: seen,
			importer: importer.id
		}, () => {
			if (isFirst && skip === 0) sink.setHeading(null);
			isFirst = false;
			sink.write(batch);
		});
	};
	let isFirst = true;
	try {
		const context = {
			zone: options.zone,
			dateOrder: options.dateOrder,
			mapping: options.mapping
		};
		const settled = await importer.settle?.(part, context) ?? context;
		for await (const batch of batchesOf({
			part,
			importer,
			context: settled,
			skip
		}, file, reached)) {
			options.signal.throwIfAborted();
			write(batch);
		}
		if (part.failure) throw part.failure;
	} catch (thrown) {
		if (!(thrown instanceof Error) || options.signal.aborted || thrown instanceof WorkbenchError && thrown.code.startsWith("store.")) throw thrown;
		if (!(part.prefix !== "")) throw thrown;
		commit({
			part: index + 1,
			records: 0,
			importer: null
		}, () => sink.addIssue("", {
			kind: "issue",
			locator: part.name,
			code: problemCode(thrown),
			excerpt: thrown.message,
			records: 0
		}));
	}
}
// ../perf/core/evidence/settle.ts
/**
* Settles what only a look through a whole file can tell (the order of day and month) before anything is written, so that
* a file with an open question is refused as a whole and asked about. Members of an archive settle one by one.
* @throws WorkbenchError `evidence.date_order`
*/
async function settleAnswers(file, options) {
	const { items, isArchive } = await openParts(file, { passwords: options.passwords });
	if (isArchive) return options;
	const part = await firstPart(items);
	if (part === void 0) return options;
	const choice = await choosePart(part, false, options.format);
	if (!("importer" in choice) || !choice.importer.settle) return options;
	const { zone, dateOrder, mapping } = options;
	const settled = await choice.importer.settle(part, {
		zone,
		dateOrder,
		mapping
	});
	return {
		...options,
		dateOrder: settled.dateOrder
	};
}
async function firstPart(items) {
	for await (const item of items) if (item.kind === "part") return item;
}
// ../perf/core/evidence/raw-forms.ts
for (const importer of importers) {
	if (importer.renderInPlace === void 0) continue;
	const render = importer.renderInPlace.bind(importer);
	addRawForm(importer.id, render);
}
// ../perf/core/evidence/import-file.ts
/** Imports that the same file goes on with; in every other state it is a duplicate. */
var UNFINISHED = /* @__PURE__ */ new Set([
	"importing",
	"cancelled",
	"failed"
]);
var finish = `UPDATE evidence SET status = @status, error = @error, seconds = seconds + @seconds WHERE id = @id`;
/**
* Imports one file: hash, duplicate check, detection, parse, batches with cursor. Resumable: a record is identified by
* its number within its part, so a cut-off import reads again from the start of that part and skips what is stored.
* @returns the evidence id
* @throws WorkbenchError for a file that is not taken at all (`evidence.*`), or when the case cannot be written (`store.*`)
*/
async function importFile(db, path, asked) {
	const file = await inspectEvidence(path, asked.signal);
	const known = findEvidenceByHash(db, file.sha256);
	if (known && !UNFINISHED.has(known.status)) throw new WorkbenchError("evidence.duplicate", {
		name: file.name,
		as: known.name,
		id: String(known.id)
	});
	if (known) return continueImport(db, known.id, file, withAnswersOf(known, asked));
	await assertRecognised(file, asked.format, asked.passwords);
	const options = await settleAnswers(file, asked);
	return continueImport(db, db.transaction(() => {
		const cursor = {
			part: 0,
			records: 0,
			importer: null
		};
		const at = options.now();
		const created = insertEvidence(db, {
			...file,
			zone: options.zone,
			importedAt: at,
			formatOverride: options.format,
			choices: {
				dateOrder: options.dateOrder,
				mapping: options.mapping,
				hadPasswords: options.passwords.length > 0
			},
			cursor
		});
		appendAudit(db, {
			at,
			action: "evidence.add",
			evidenceId: created,
			details: {
				name: file.name,
				sha256: file.sha256,
				bytes: file.bytes,
				zone: options.zone,
				...options.format === null ? {} : { format: options.format },
				...options.dateOrder === null ? {} : { dateOrder: options.dateOrder },
				...options.mapping === null ? {} : { mapping: options.mapping }
			}
		});
		return created;
	})(), file, options);
}
/** One file is read with one set of answers from beginning to end, whatever is asked when it is imported once more. */
function withAnswersOf(known, asked) {
	const { dateOrder, mapping } = JSON.parse(known.choices);
	return {
		...asked,
		zone: known.zone,
		dateOrder: dateOrder ?? asked.dateOrder,
		mapping: mapping ?? asked.mapping
	};
}
/** Goes on with evidence whose row exists: the whole import of a new one, the rest of a cut-off one. */
async function continueImport(db, id, file, options) {
	const started = performance.now();
	const seconds = () => (performance.now() - started) / 1e3;
	try {
		await parseParts(db, id, file, options);
		assertUnchanged(file);
	} catch (thrown) {
		const isCancel = options.signal.aborted;
		const error = isCancel ? "job.cancelled" : thrown instanceof WorkbenchError ? thrown.code : null;
		if (error === null || error.startsWith("store.") || error === "evidence.encrypted") throw thrown;
		db.transaction(() => {
			db.prepare(finish).run({
				id,
				status: isCancel ? "cancelled" : "failed",
				error,
				seconds: seconds()
			});
			appendAudit(db, {
				at: options.now(),
				action: isCancel ? "evidence.cancel" : "evidence.fail",
				evidenceId: id,
				details: { error }
			});
		})();
		throw thrown;
	}
	db.transaction(() => {
		const row = findEvidence(db, id);
		const status = db.prepare("SELECT rejected FROM evidence WHERE id = ?").pluck().get(id) > 0 ? "done-with-rejects" : "done";
		indexStrings(db);
		db.prepare(finish).run({
			id,
			status,
			error: null,
			seconds: seconds()
		});
		appendAudit(db, {
			at: options.now(),
			action: "evidence.imported",
			evidenceId: id,
			details: conservation(db, id, row?.format ?? "")
		});
	})();
	return id;
}
var figures$1 = "SELECT read, stored, duplicate, rejected, bytes, bytes_read FROM evidence WHERE id = ?";
var conservation = (db, id, format) => ({
	format,
	...db.prepare(figures$1).get(id)
});
// ../perf/core/store/indexes.ts
/**
* Secondary indexes of the event table. They are built after a large import, not during it (1.7 times faster,
* performance.md section 3), so a case may lack them for a while; the schema check allows exactly these. The row id is
* part of every index by itself, so they also give the order (at, id). Events without the value are left out: most have
* no process, and before the first correlation none has an entity.
*/
var EVENT_INDEXES = {
	event_at: "CREATE INDEX event_at ON event(at)",
	event_kind_at: "CREATE INDEX event_kind_at ON event(kind, at)",
	event_host_at: "CREATE INDEX event_host_at ON event(host, at) WHERE host IS NOT NULL",
	event_account_at: "CREATE INDEX event_account_at ON event(account, at) WHERE account IS NOT NULL",
	event_process: "CREATE INDEX event_process ON event(process_path, at) WHERE process_path IS NOT NULL",
	event_evidence: "CREATE INDEX event_evidence ON event(evidence_id, record)",
	event_endpoint_at: "CREATE INDEX event_endpoint_at ON event(endpoint_id, at) WHERE endpoint_id IS NOT NULL",
	event_user_at: "CREATE INDEX event_user_at ON event(user_id, at) WHERE user_id IS NOT NULL"
};
/** What they were before schema version 20, whose migration drops them: a case of then is still opened for reading. */
var EVENT_INDEXES_10 = {
	event_at: "CREATE INDEX event_at ON event(at, id)",
	event_kind_at: "CREATE INDEX event_kind_at ON event(kind, at, id)",
	event_host_at: "CREATE INDEX event_host_at ON event(host, at, id)",
	event_account_at: "CREATE INDEX event_account_at ON event(account, at, id)",
	event_process: "CREATE INDEX event_process ON event(process_path, at, id)",
	event_evidence: "CREATE INDEX event_evidence ON event(evidence_id, record)",
	event_endpoint_at: "CREATE INDEX event_endpoint_at ON event(endpoint_id, at, id)",
	event_user_at: "CREATE INDEX event_user_at ON event(user_id, at, id)"
};
/** The event indexes a case of that schema version may have. */
var eventIndexesOf = (version) => version < 20 ? EVENT_INDEXES_10 : EVENT_INDEXES;
var existing = `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'event'`;
/** Creates what is missing. Run at the end of an import, and when a case is opened for writing. */
function buildEventIndexes(db) {
	const present = new Set(db.prepare(existing).pluck().all());
	for (const [name, sql] of Object.entries(EVENT_INDEXES)) if (!present.has(name)) db.exec(sql);
}
/** Drops them before a bulk load. */
function dropEventIndexes(db) {
	const present = new Set(db.prepare(existing).pluck().all());
	for (const name of Object.keys(EVENT_INDEXES)) if (present.has(name)) db.exec(DROP[name] ?? "");
}
var DROP = Object.fromEntries(Object.keys(EVENT_INDEXES).map((name) => [name, `DROP INDEX ${name}`]));
// ../perf/core/store/bulk-load.ts
/** Less than this is added to the indexes row by row. */
var BULK_BYTES = 20971520;
/** Growth of the case from which building the indexes anew is faster than adding to them (performance.md, design 3). */
var REBUILD_GROWTH = .3;
/** Pages in the write-ahead log before they are folded into the case file: most are written again and again (64 MB). */
var CHECKPOINT_PAGES = 16384;
/** Page cache of an import, in KiB; sorting for an index takes as much again. */
var CACHE_KIB = 20480;
var importedBytes = `SELECT coalesce(sum(bytes), 0) FROM evidence WHERE status <> 'importing'`;
/**
* Makes ready for the import of so many bytes. A large one drops the event indexes: call `finish` when it is over,
* however it ends. Should the process die before, they are built when the case is opened again.
*/
function beginLoad(db, bytes) {
	db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
	db.pragma(`cache_size = -${CACHE_KIB}`);
	const before = db.prepare(importedBytes).pluck().get();
	if (bytes > BULK_BYTES && bytes > before * REBUILD_GROWTH) dropEventIndexes(db);
	return { finish: () => buildEventIndexes(db) };
}
// ../perf/core/store/connection.ts
/** `RTHD` as a big-endian number: `PRAGMA application_id` of every case file. */
var APPLICATION_ID = 1381255236;
/**
* Opens a SQLite file with the settings every connection of the product has (ARCHITECTURE section 6).
* `synchronous` is set on every connection because it falls back to NORMAL when a WAL file is reopened (TRUST.md 3).
* @param mode `read` opens read-only and never creates; `write` opens an existing file; `create` makes a new one
*/
function connect(path, mode) {
	const db = new Database(path, {
		readonly: mode === "read",
		fileMustExist: mode !== "create",
		timeout: 4e3
	});
	db.pragma("trusted_schema = OFF");
	db.pragma("cell_size_check = ON");
	db.pragma("mmap_size = 0");
	db.pragma("foreign_keys = ON");
	db.pragma("synchronous = FULL");
	db.pragma("temp_store = MEMORY");
	db.pragma("cache_size = -65536");
	return db;
}
// ../perf/core/store/errors.ts
/**
* Turns what SQLite or the file system threw into a store error with advice. "Cannot write" has several codes:
* SQLITE_FULL and SQLITE_IOERR_WRITE both mean a full disk or a file-size limit (trust.md P8).
*/
function toStoreError(thrown, path) {
	if (thrown instanceof WorkbenchError) return thrown;
	const code = thrown.code;
	if (typeof code !== "string") return thrown;
	const file = basename(path);
	const as = (mapped) => new WorkbenchError(mapped, { file }, { cause: thrown });
	if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EFBIG" || /^SQLITE_IOERR_(WRITE|FSYNC|TRUNCATE)/.test(code)) return as("store.disk_full");
	if (code === "SQLITE_NOTADB") return as("store.not_a_case");
	if (code.startsWith("SQLITE_CORRUPT")) return as("store.corrupt");
	if (code.startsWith("SQLITE_BUSY")) return as("store.locked");
	if (code.startsWith("SQLITE_READONLY")) return as("store.read_only");
	if (code.startsWith("SQLITE_CANTOPEN")) return as("store.unwritable");
	if (code === "EACCES" || code === "EROFS" || code === "EPERM") return as("store.unwritable");
	if (code === "ENOENT") return as("store.unwritable");
	return thrown;
}
// ../perf/core/store/migrations/0010-initial.ts
/** `processPath` -> `process_path` */
var toColumn$1 = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** The first schema. Frozen once released: its hash is pinned by test/core/store/migrations.test.ts. */
var migration$3 = {
	version: 10,
	sql: `
CREATE TABLE case_info (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  bytes_read INTEGER NOT NULL DEFAULT 0,
  mtime_us INTEGER NOT NULL,
  format TEXT NOT NULL DEFAULT '',
  confidence REAL NOT NULL DEFAULT 0,
  zone TEXT NOT NULL,
  zone_assumed INTEGER NOT NULL DEFAULT 0,
  read INTEGER NOT NULL DEFAULT 0,
  stored INTEGER NOT NULL DEFAULT 0,
  duplicate INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  error TEXT,
  seconds REAL NOT NULL DEFAULT 0,
  imported_at INTEGER NOT NULL,
  path TEXT NOT NULL,
  format_override TEXT,
  cursor TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX evidence_sha256 ON evidence(sha256);

CREATE TABLE issue (
  id INTEGER PRIMARY KEY,
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  locator TEXT NOT NULL,
  code TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  records INTEGER NOT NULL
) STRICT;
CREATE INDEX issue_evidence ON issue(evidence_id, code, id);

CREATE TABLE raw_block (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  first_record INTEGER NOT NULL,
  records INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (evidence_id, first_record)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_key (
  key BLOB PRIMARY KEY,
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX record_key_evidence ON record_key(evidence_id);

CREATE TABLE duplicate_record (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL,
  key BLOB NOT NULL,
  items BLOB NOT NULL,
  PRIMARY KEY (evidence_id, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicate_record_key ON duplicate_record(key);

CREATE TABLE str (id INTEGER PRIMARY KEY, v TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE str_fts USING fts5(v, content='str', content_rowid='id', tokenize='trigram', detail=none);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  at INTEGER,
  kind INTEGER NOT NULL,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  zone_assumed INTEGER NOT NULL DEFAULT 0,
  endpoint_id INTEGER,
  user_id INTEGER,
${EVENT_FIELD_NAMES.slice(0, 43).map((name) => `  ${toColumn$1(name)} INTEGER`).join(",\n")}
);

CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  entity_id INTEGER,
  message_id TEXT,
  unique_id TEXT,
  subject TEXT NOT NULL,
  from_address TEXT,
  from_name TEXT,
  reply_to TEXT NOT NULL,
  return_path TEXT,
  mailbox TEXT,
  sent_at INTEGER,
  delivered_at INTEGER,
  source_ip TEXT,
  source_domain TEXT,
  spf TEXT,
  dkim TEXT,
  dmarc TEXT,
  headers TEXT NOT NULL,
  body TEXT,
  recorded_action TEXT,
  in_reply_to TEXT,
  reference_ids TEXT NOT NULL
) STRICT;
CREATE INDEX message_by_id ON message(message_id);
CREATE INDEX message_entity ON message(entity_id, delivered_at, sent_at);
CREATE INDEX message_evidence ON message(evidence_id);

CREATE TABLE message_recipient (
  message INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  name TEXT,
  role TEXT NOT NULL,
  PRIMARY KEY (message, address, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_recipient_address ON message_recipient(address);

CREATE TABLE url (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  host TEXT NOT NULL,
  key TEXT NOT NULL,
  entity_id INTEGER
) STRICT;
CREATE INDEX url_key ON url(key);
CREATE INDEX url_host ON url(host);
CREATE INDEX url_entity ON url(entity_id);

CREATE TABLE attachment (
  id INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT,
  bytes INTEGER,
  sha256 TEXT,
  sha1 TEXT,
  md5 TEXT,
  entity_id INTEGER
) STRICT;
CREATE INDEX attachment_message ON attachment(message);
CREATE INDEX attachment_sha256 ON attachment(sha256);
CREATE INDEX attachment_sha1 ON attachment(sha1);
CREATE INDEX attachment_entity ON attachment(entity_id);

CREATE TABLE message_url (
  message INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  url_id INTEGER NOT NULL REFERENCES url(id),
  original TEXT NOT NULL,
  rewritten TEXT,
  place TEXT NOT NULL,
  label TEXT,
  attachment INTEGER,
  PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_url_url ON message_url(url_id);

CREATE TABLE directory_object (
  id INTEGER PRIMARY KEY,
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL,
  entity_id INTEGER,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  sid TEXT,
  dn TEXT,
  domain TEXT,
  item TEXT NOT NULL
) STRICT;
CREATE INDEX directory_object_evidence ON directory_object(evidence_id);
CREATE INDEX directory_object_sid ON directory_object(sid);

CREATE TABLE directory_edge (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL,
  relation TEXT NOT NULL,
  from_ref TEXT NOT NULL,
  to_ref TEXT NOT NULL,
  inherited INTEGER NOT NULL
) STRICT;
CREATE INDEX directory_edge_evidence ON directory_edge(evidence_id);

CREATE TABLE entity (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  first_seen INTEGER,
  last_seen INTEGER,
  attributes TEXT NOT NULL,
  run INTEGER NOT NULL
) STRICT;
CREATE INDEX entity_kind ON entity(kind, name, id);

CREATE TABLE alias (
  entity_id INTEGER NOT NULL REFERENCES entity(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  evidence_id INTEGER,
  record INTEGER,
  confidence REAL NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (entity_id, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_value ON alias(kind, value);

CREATE TABLE relation (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  from_id INTEGER NOT NULL REFERENCES entity(id),
  to_id INTEGER NOT NULL REFERENCES entity(id),
  first_at INTEGER,
  last_at INTEGER,
  count INTEGER NOT NULL,
  confidence REAL NOT NULL,
  observed INTEGER NOT NULL,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  event_total INTEGER NOT NULL,
  uses BLOB NOT NULL,
  run INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX relation_identity ON relation(kind, from_id, to_id);
CREATE INDEX relation_from ON relation(from_id, kind);
CREATE INDEX relation_to ON relation(to_id, kind);

CREATE TABLE relation_proof (
  relation_id INTEGER NOT NULL REFERENCES relation(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  event_id INTEGER,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (relation_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE pack (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  imported_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  format TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  entries INTEGER NOT NULL,
  rejected INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX pack_version ON pack(name, version);

CREATE TABLE pack_entry (
  id INTEGER PRIMARY KEY,
  pack_id INTEGER NOT NULL REFERENCES pack(id) ON DELETE CASCADE,
  pattern TEXT NOT NULL,
  scope TEXT NOT NULL,
  host TEXT NOT NULL,
  normal TEXT NOT NULL,
  level TEXT NOT NULL,
  category TEXT,
  first_seen INTEGER,
  expires_at INTEGER,
  note TEXT
) STRICT;
CREATE INDEX pack_entry_pack ON pack_entry(pack_id, host);

CREATE TABLE policy (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE retro_run (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  policy TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE job_log (
  id INTEGER PRIMARY KEY,
  method TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  error TEXT,
  result TEXT
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  details TEXT NOT NULL,
  evidence_id INTEGER,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
`
};
// ../perf/core/store/migrations/0020-intake.ts
/** `hostId` -> `host_id` */
var toColumn = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/**
* Intake at full breadth: event fields for proxies, alerts, cloud and mail logs; the choices an import was made with
* (mapping, order of day and month); the record an issue stands at; the column names above raw rows; when a directory
* snapshot was taken (S12).
*
* Faster and smaller (`npm run bench -- intake`): the keys of records beside their raw text instead of a second index over
* all keys; smaller event indexes; strings found by a hash (`h`, see strings.ts) instead of an index that holds each text
* a second time; a full-text index without sizes, whose parts are merged when there are many and not with every batch.
* Event indexes and missing hashes are made when the case is opened for writing.
*/
var migration$2 = {
	version: 20,
	sql: `
${EVENT_FIELD_NAMES.slice(43, 62).map((name) => `ALTER TABLE event ADD COLUMN ${toColumn(name)} INTEGER;`).join("\n")}
ALTER TABLE evidence ADD COLUMN choices TEXT NOT NULL DEFAULT '{}';
ALTER TABLE issue ADD COLUMN record INTEGER;
ALTER TABLE directory_object ADD COLUMN collected_at INTEGER;
CREATE TABLE raw_heading (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  first_record INTEGER NOT NULL,
  heading TEXT,
  PRIMARY KEY (evidence_id, first_record)
) STRICT, WITHOUT ROWID;
DROP INDEX record_key_evidence;
ALTER TABLE raw_block ADD COLUMN keys BLOB;
DROP INDEX IF EXISTS event_at;
DROP INDEX IF EXISTS event_kind_at;
DROP INDEX IF EXISTS event_host_at;
DROP INDEX IF EXISTS event_account_at;
DROP INDEX IF EXISTS event_process;
DROP INDEX IF EXISTS event_evidence;
DROP INDEX IF EXISTS event_endpoint_at;
DROP INDEX IF EXISTS event_user_at;
CREATE TABLE str_by_hash (id INTEGER PRIMARY KEY, v TEXT NOT NULL, h INTEGER) STRICT;
INSERT INTO str_by_hash (id, v) SELECT id, v FROM str;
DROP TABLE str;
ALTER TABLE str_by_hash RENAME TO str;
CREATE INDEX str_h ON str(h);
DROP TABLE str_fts;
CREATE VIRTUAL TABLE str_fts USING fts5(v, content='str', content_rowid='id', tokenize='trigram', detail=none, columnsize=0);
INSERT INTO str_fts (str_fts, rank) VALUES ('automerge', 0);
INSERT INTO str_fts (str_fts, rank) VALUES ('crisismerge', 64);
INSERT INTO str_fts (str_fts) VALUES ('rebuild');
INSERT INTO case_info (key, value) SELECT 'str_indexed', CAST(max(id) AS TEXT) FROM str WHERE true HAVING max(id) IS NOT NULL
  ON CONFLICT (key) DO UPDATE SET value = excluded.value;
`
};
/** All migrations in order; a gap in the order or a duplicate version stops the start. */
var migrations = Object.entries(/* @__PURE__ */ Object.assign({
	"./migrations/0010-initial.ts": migration$3,
	"./migrations/0020-intake.ts": migration$2,
	"./migrations/0030-reputation.ts": {
		version: 30,
		sql: `
CREATE TABLE pack_off (
  pack_id INTEGER PRIMARY KEY REFERENCES pack(id) ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE url_analysis (
  url_id INTEGER PRIMARY KEY REFERENCES url(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  version TEXT NOT NULL,
  level TEXT NOT NULL,
  category TEXT NOT NULL,
  score REAL NOT NULL,
  signs TEXT NOT NULL
) STRICT;
CREATE TABLE plan_decision (
  item TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
	},
	"./migrations/0040-correlation.ts": {
		version: 40,
		sql: `
CREATE TABLE detection (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  what TEXT NOT NULL,
  level TEXT NOT NULL,
  subject_id INTEGER NOT NULL REFERENCES entity(id),
  first_at INTEGER,
  last_at INTEGER,
  count INTEGER NOT NULL,
  confidence REAL NOT NULL,
  reason TEXT NOT NULL,
  proof_total INTEGER NOT NULL,
  run INTEGER NOT NULL
) STRICT;
CREATE INDEX detection_subject ON detection(subject_id);
CREATE INDEX detection_time ON detection(first_at, id);
CREATE TABLE detection_entity (
  detection_id INTEGER NOT NULL REFERENCES detection(id) ON DELETE CASCADE,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  PRIMARY KEY (detection_id, entity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX detection_entity_entity ON detection_entity(entity_id);
CREATE TABLE detection_proof (
  detection_id INTEGER NOT NULL REFERENCES detection(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  event_id INTEGER,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (detection_id, position)
) STRICT, WITHOUT ROWID;
`
	}
})).sort(([a], [b]) => a < b ? -1 : 1).map(([, migration]) => migration);
for (const [index, migration] of migrations.entries()) {
	const before = migrations[index - 1];
	if (before && before.version >= migration.version) throw new Error(`Migration ${migration.version} is out of order`);
}
/** Newest schema version this build knows. */
var SCHEMA_VERSION = migrations.at(-1)?.version ?? 0;
/** Brings the case to {@link SCHEMA_VERSION}; all pending steps in one transaction. `store.from_future` when newer. */
function migrate(db) {
	const current = db.pragma("user_version", { simple: true });
	if (current > SCHEMA_VERSION) throw new WorkbenchError("store.from_future", {
		version: String(current),
		known: String(SCHEMA_VERSION)
	});
	const pending = migrations.filter((migration) => migration.version > current);
	if (pending.length === 0) return;
	db.transaction(() => {
		for (const migration of pending) db.exec(migration.sql);
		db.pragma(`user_version = ${SCHEMA_VERSION}`);
	})();
}
// ../perf/core/store/schema-check.ts
var allObjects = "SELECT type, name, sql FROM sqlite_schema";
/** Schema objects of a case at `version`, by building one in memory with our own migrations. */
function expectedSchema(version) {
	const db = new Database(":memory:");
	try {
		for (const migration of migrations) if (migration.version <= version) db.exec(migration.sql);
		return toMap(db.prepare(allObjects).all());
	} finally {
		db.close();
	}
}
var toMap = (rows) => new Map(rows.map((row) => [`${row.type} ${row.name}`, row.sql ?? ""]));
/**
* Looks at a case file before anything else is done with it: it may come from somebody else and is hostile input
* (TRUST.md threat 10: `trusted_schema=OFF` does not stop a plain trigger). Application id, version, and every schema
* object must be ours; the event indexes may be present or absent.
* @throws WorkbenchError `store.not_a_case`, `store.from_future`, `store.foreign_schema`, `store.corrupt`
*/
function checkSchema(db, file) {
	let applicationId;
	let version;
	let found;
	try {
		applicationId = db.pragma("application_id", { simple: true });
		version = db.pragma("user_version", { simple: true });
		found = toMap(db.prepare(allObjects).all());
	} catch (cause) {
		const code = cause.code ?? "";
		if (code === "SQLITE_NOTADB") throw new WorkbenchError("store.not_a_case", { file }, { cause });
		if (code.startsWith("SQLITE_CORRUPT")) throw new WorkbenchError("store.corrupt", { file }, { cause });
		throw cause;
	}
	if (applicationId !== 1381255236) throw new WorkbenchError("store.not_a_case", { file });
	if (version > SCHEMA_VERSION) throw new WorkbenchError("store.from_future", {
		version: String(version),
		known: String(SCHEMA_VERSION)
	});
	const expected = expectedSchema(version);
	for (const [name, sql] of Object.entries(eventIndexesOf(version))) if (found.has(`index ${name}`)) expected.set(`index ${name}`, sql);
	const differing = [.../* @__PURE__ */ new Set([...expected.keys(), ...found.keys()])].filter((key) => expected.get(key) !== found.get(key));
	if (differing.length > 0) throw new WorkbenchError("store.foreign_schema", {
		file,
		objects: differing.slice(0, 5)
	});
}
// ../perf/core/store/store.ts
/** Marks the one writing connection. */
var asWriter = (db) => db;
// ../perf/core/store/case-file.ts
var lockPath = (path) => `${path}-lock`;
/**
* One writer per case. The lock is an exclusive SQLite transaction on a file beside the case: the operating system
* releases it when the process dies, however it dies, so a stale lock cannot exist (ADR 0008).
*/
function takeLock(path) {
	const file = lockPath(path);
	let lock;
	try {
		closeSync(openSync(file, "a"));
		const before = statSync(file, { throwIfNoEntry: false })?.ino;
		lock = new Database(file, { timeout: 0 });
		lock.pragma("journal_mode = MEMORY");
		lock.exec("BEGIN EXCLUSIVE");
		if (statSync(file, { throwIfNoEntry: false })?.ino === before) return lock;
		throw new WorkbenchError("store.locked", { file: basename(path) });
	} catch (cause) {
		lock?.close();
		if (cause.code?.startsWith("SQLITE_BUSY")) throw new WorkbenchError("store.locked", { file: basename(path) }, { cause });
		throw toStoreError(cause, path);
	}
}
/** Removes the lock file before letting go of it: whoever opens one afterwards makes a new one. */
function releaseLock(path, lock) {
	try {
		rmSync(lockPath(path), { force: true });
	} catch (cause) {
		if (![
			"EBUSY",
			"EPERM",
			"EACCES"
		].includes(cause.code ?? "")) throw cause;
	} finally {
		lock.close();
	}
}
/**
* Creates an empty case file.
* @param path must not exist yet (`case.exists`), its folder must be writable (`store.unwritable`)
* @param zone IANA zone for display and for evidence times without a zone
*/
function createCase(path, zone, toolVersion, now, isDemo = false) {
	if (existsSync(path)) throw new WorkbenchError("case.exists", { file: basename(path) });
	let db;
	try {
		accessSync(dirname(path), constants.W_OK);
		db = connect(path, "create");
		db.pragma(`application_id = ${APPLICATION_ID}`);
		migrate(db);
		const created = db;
		db.transaction(() => {
			const insert = created.prepare("INSERT INTO case_info (key, value) VALUES (?, ?)");
			const caseId = randomUUID();
			for (const row of [
				["case_id", caseId],
				["created_at", String(now)],
				["zone", zone],
				["tool_version", toolVersion],
				["is_demo", isDemo ? "1" : "0"]
			]) insert.run(...row);
			appendAudit(asWriter(created), {
				at: now,
				action: "case.create",
				details: {
					caseId,
					zone,
					toolVersion
				}
			});
		})();
		db.close();
	} catch (cause) {
		db?.close();
		if (cause instanceof WorkbenchError) throw cause;
		rmSync(path, { force: true });
		throw toStoreError(cause, path);
	}
}
/** Opens for writing: schema check first (read-only), then lock, migrations, WAL, missing hashes and indexes. */
function openForWriting(path) {
	checkFile(path);
	const lock = takeLock(path);
	try {
		const db = connect(path, "write");
		try {
			db.pragma("journal_mode = WAL");
			db.pragma("synchronous = FULL");
			migrate(db);
			fillStringHashes(asWriter(db));
			buildEventIndexes(asWriter(db));
		} catch (cause) {
			db.close();
			throw cause;
		}
		return {
			db: asWriter(db),
			close() {
				try {
					db.pragma("wal_checkpoint(TRUNCATE)");
					db.pragma("journal_mode = DELETE");
				} catch (thrown) {
					if (!(toStoreError(thrown, path) instanceof WorkbenchError)) throw thrown;
				} finally {
					db.close();
					releaseLock(path, lock);
				}
			}
		};
	} catch (cause) {
		releaseLock(path, lock);
		throw toStoreError(cause, path);
	}
}
/** Refuses what is not a case of ours before a single statement of it is trusted. */
function checkFile(path) {
	const stat = statSync(path, { throwIfNoEntry: false });
	if (!stat) throw new WorkbenchError("request.not_found", { what: basename(path) });
	if (!stat.isFile() || stat.size === 0) throw new WorkbenchError("store.not_a_case", { file: basename(path) });
	let db;
	try {
		db = connect(path, "read");
		checkSchema(db, basename(path));
	} catch (cause) {
		throw toStoreError(cause, path);
	} finally {
		db?.close();
	}
}
// ../perf/test/bench/intake/importing.ts
/** What the bench times: a whole process that makes a case and imports one file into it, indexes included. */
/** Where Linux tells a process about itself. */
var STATUS = "/proc/self/status";
var [, , casePath = "", ...files] = process.argv;
createCase(casePath, "UTC", "bench", Date.now() * 1e3);
var opened = openForWriting(casePath);
var load = beginLoad(opened.db, files.reduce((sum, file) => sum + statSync(file).size, 0));
for (const file of files) await importFile(opened.db, file, {
	format: null,
	zone: "UTC",
	dateOrder: null,
	mapping: null,
	passwords: [],
	now: () => Date.now() * 1e3,
	signal: new AbortController().signal,
	onProgress: () => void 0
});
load.finish();
var figures = opened.db.prepare("SELECT sum(read) AS read, sum(stored) AS stored FROM evidence").get();
opened.close();
process.stdout.write(JSON.stringify({
	...figures,
	peakBytes: peakBytes()
}));
/** Most memory this process held; what `resourceUsage` says includes the process it was forked from. */
function peakBytes() {
	const said = existsSync(STATUS) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(STATUS, "utf8"))?.[1] : void 0;
	return (said === void 0 ? process.resourceUsage().maxRSS : Number(said)) * 1024;
}
export {};
