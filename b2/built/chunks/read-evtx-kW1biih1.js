import { crc32 } from "node:zlib";
// ../perf/core/importers/windows/windows-event.ts
function emptyWindowsEvent() {
	return {
		provider: "",
		eventId: 0,
		version: 0,
		channel: "",
		computer: "",
		timeUs: null,
		zoneAssumed: false,
		recordId: "",
		userSid: "",
		executionPid: 0,
		isAuditFailure: false,
		data: /* @__PURE__ */ new Map()
	};
}
var AUDIT_FAILURE = 1n << 52n;
/** Whether keywords say "audit failure": hexadecimal text, or a decimal that may be signed (NXLog). */
function saysAuditFailure(keywords) {
	if (!/^(?:0x[0-9a-f]{1,16}|-?\d{1,20})$/i.test(keywords)) return false;
	return (BigInt.asUintN(64, BigInt(keywords)) & AUDIT_FAILURE) !== 0n;
}
/** Last suffix given per name: without it, a record of one name repeated 100,000 times would take hours. */
var suffixes = /* @__PURE__ */ new WeakMap();
/** Adds a value without ever losing one that has the same name. */
function addValue(data, name, value) {
	if (!data.has(name)) {
		data.set(name, value);
		return;
	}
	let counts = suffixes.get(data);
	if (counts === void 0) suffixes.set(data, counts = /* @__PURE__ */ new Map());
	let count = (counts.get(name) ?? 1) + 1;
	while (data.has(`${name}_${count}`)) count += 1;
	counts.set(name, count);
	data.set(`${name}_${count}`, value);
}
/**
* Identity of an event across renderings: the same event out of EVTX and out of JSON has the same key. Undefined when
* the rendering has no record id or no time, because two such lines may well be two events. The time counts in
* milliseconds: some renderings keep no more.
*/
function eventKey(event) {
	if (event.recordId === "" || event.timeUs === null || event.zoneAssumed) return void 0;
	const { computer, channel, recordId, timeUs, provider, eventId } = event;
	return `win|${computer.toLowerCase()}|${channel}|${recordId}|${Math.floor(timeUs / 1e3)}|${provider}|${eventId}`;
}
// ../perf/core/importers/evtx/bytes.ts
/** Little-endian reads. Callers check bounds; a read past the end yields zero bits, never an exception. */
function u16(bytes, at) {
	return bytes[at] | bytes[at + 1] << 8;
}
function u32(bytes, at) {
	return (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0;
}
/** An unsigned 64-bit number as decimal text: ids and counters never go through a float. */
function u64Text(bytes, at) {
	const high = u32(bytes, at + 4);
	if (high < 2097152) return String(high * 4294967296 + u32(bytes, at));
	return (BigInt(high) << 32n | BigInt(u32(bytes, at))).toString();
}
/** The same as a number; above 2^53 it is only good for comparing sizes. */
function u64Number(bytes, at) {
	return u32(bytes, at + 4) * 4294967296 + u32(bytes, at);
}
function hex(bytes) {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
/** What stops one record: the reader turns it into an issue. Not a product error. */
var BrokenRecord = class extends Error {
	reason;
	at;
	constructor(reason, at) {
		super(reason);
		this.name = "BrokenRecord";
		this.reason = reason;
		this.at = at;
	}
};
// ../perf/core/importers/evtx/chunk.ts
var CHUNK_BYTES = 65536;
var CHUNK_MAGIC = Buffer.from("ElfChnk\0", "latin1");
var RECORD_MAGIC = Buffer.from([
	42,
	42,
	0,
	0
]);
/** The header of a block, undefined when it does not begin with `ElfChnk`. */
function readChunkHeader(block) {
	if (block.length < 512 || block.compare(CHUNK_MAGIC, 0, 8, 0, 8) !== 0) return void 0;
	const freeSpaceAt = u32(block, 48);
	const dataEnd = Math.min(Math.max(freeSpaceAt, 512), block.length);
	return {
		lastRecordId: u64Number(block, 32),
		lastRecordAt: u32(block, 44),
		freeSpaceAt,
		isHeaderSumRight: crc32(block.subarray(128, 512), crc32(block.subarray(0, 120))) === u32(block, 124),
		isDataSumRight: crc32(block.subarray(512, dataEnd)) === u32(block, 52)
	};
}
/** The record at `at` when magic, size and the size copy at its end agree and it ends before `limit`. */
function recordAt(block, at, limit) {
	if (at + 28 > limit || u32(block, at) !== 10794) return void 0;
	const size = u32(block, at + 4);
	if (size < 28 || at + size > limit || u32(block, at + size - 4) !== size) return void 0;
	return {
		at,
		end: at + size,
		id: u64Text(block, at + 8),
		idNumber: u64Number(block, at + 8)
	};
}
/**
* The next whole record at or after `from`, for going on behind a damaged one. Only ids between `afterId` and `lastId`
* count: an overwritten cluster may hold records of another chunk, whose templates are not here.
*/
function findRecord(block, from, limit, afterId, lastId) {
	for (let at = block.indexOf(RECORD_MAGIC, from); at !== -1 && at < limit; at = block.indexOf(RECORD_MAGIC, at + 1)) {
		const record = recordAt(block, at, limit);
		if (record !== void 0 && record.idNumber > afterId && record.idNumber <= lastId) return record;
	}
}
/** Whether a block without chunk header still has records in it. */
function hasRecords(block) {
	return findRecord(block, 0, block.length, -1, Infinity) !== void 0;
}
/**
* Walks the records of a chunk by their sizes. Ends at the free-space offset; without a usable header, at the first
* place where nothing but zeros follows. In a file that was not closed (`isDirty`) the header lags behind: records
* after the free space count as long as their ids go on without a gap, which left-overs of earlier rounds never do.
*/
function* walkRecords(block, header, isDirty) {
	const isTrusted = header !== void 0 && header.freeSpaceAt >= 512 && header.freeSpaceAt <= 65536;
	const limit = isTrusted ? Math.min(header.freeSpaceAt, block.length) : block.length;
	let at = 512;
	let lastId = 0;
	while (at + 28 <= limit) {
		const record = recordAt(block, at, limit);
		if (record !== void 0) {
			yield record;
			at = record.end;
			lastId = record.idNumber;
			continue;
		}
		if (isTrusted ? at > header.lastRecordAt && at > 512 : isBlank(block, at, limit)) return;
		const next = findRecord(block, at + 1, limit, lastId, isTrusted ? header.lastRecordId : Infinity);
		if (next === void 0) {
			if (header !== void 0) yield {
				at,
				lost: plausibleLoss(header.lastRecordId - lastId)
			};
			return;
		}
		yield {
			at,
			lost: plausibleLoss(lastId > 0 ? next.idNumber - lastId - 1 : 1)
		};
		at = next.at;
	}
	if (!isDirty) return;
	for (let record = recordAt(block, at, block.length); record !== void 0 && record.idNumber === lastId + 1;) {
		yield record;
		lastId = record.idNumber;
		record = recordAt(block, record.end, block.length);
	}
}
/** Ids are evidence too: a count that cannot be is taken as one record. */
function plausibleLoss(count) {
	return count >= 0 && count <= 2322 ? count : 1;
}
function isBlank(block, from, to) {
	for (let at = from; at < to; at++) if (block[at] !== 0) return false;
	return true;
}
var ANSI_VALUE = 2;
var SID_VALUE = 19;
/** Bytes per item of the fixed-size types; 0 where the size is that of the value. */
var ITEM_BYTES = /* @__PURE__ */ new Map([
	[3, 1],
	[4, 1],
	[5, 2],
	[6, 2],
	[7, 4],
	[8, 4],
	[9, 8],
	[10, 8],
	[11, 4],
	[12, 8],
	[13, 4],
	[15, 16],
	[17, 8],
	[18, 16],
	[20, 4],
	[21, 8]
]);
var ansi = new TextDecoder("windows-1252");
var scratch = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));
var HEX_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0").toUpperCase());
/**
* One value as the text Windows itself would show (hex with `0x`, GUID in braces, times as ISO UTC with 100 ns).
* Strings keep their control characters; only the terminating NULs go. Unknown types become upper-case hex.
* @param at chunk-relative start of the value, `size` its bytes (bounds checked by the caller)
*/
function valueText(bytes, kind, at, size) {
	if (kind === 1 || kind === 35) return utf16(bytes, at, size);
	const fixed = ITEM_BYTES.get(kind);
	if (fixed !== void 0 && size < fixed) return kind === 13 && size === 1 ? String(bytes[at] !== 0) : bytesText(bytes, at, size);
	switch (kind) {
		case 0: return "";
		case 2: return trimNul(ansi.decode(bytes.subarray(at, at + size)));
		case 3: return String(bytes[at] << 24 >> 24);
		case 4: return String(bytes[at]);
		case 5: return String(u16(bytes, at) << 16 >> 16);
		case 6: return String(u16(bytes, at));
		case 7: return String(u32(bytes, at) | 0);
		case 8: return String(u32(bytes, at));
		case 9: return bytes.readBigInt64LE(at).toString();
		case 10: return u64Text(bytes, at);
		case 11:
			scratch.setUint32(0, u32(bytes, at));
			return String(scratch.getFloat32(0));
		case 12: return String(bytes.readDoubleLE(at));
		case 13: return String(u32(bytes, at) !== 0);
		case 15: return guidText(bytes, at);
		case 17: return filetimeText(u32(bytes, at), u32(bytes, at + 4));
		case 18: return systemTimeText(bytes, at);
		case 19: return sidText(bytes, at, size);
		case 20: return `0x${u32(bytes, at).toString(16)}`;
		case 21: return hex64(bytes, at);
		case 16:
		case 32:
			if (size === 8) return hex64(bytes, at);
			if (size === 4) return `0x${u32(bytes, at).toString(16)}`;
			return bytesText(bytes, at, size);
		default: return bytesText(bytes, at, size);
	}
}
/** Items of an array value: strings are separated by NUL, the others have a fixed size. An odd tail is kept as hex. */
function arrayTexts(bytes, kind, at, size) {
	const item = kind & 127;
	if (item === 1) {
		const parts = bytes.toString("utf16le", at, at + size).split("\0");
		if (parts.at(-1) === "") parts.pop();
		return parts;
	}
	if (item === ANSI_VALUE) {
		const parts = ansi.decode(bytes.subarray(at, at + size)).split("\0");
		if (parts.at(-1) === "") parts.pop();
		return parts;
	}
	if (item === SID_VALUE) return sidTexts(bytes, at, size);
	const step = ITEM_BYTES.get(item);
	if (step === void 0) return [bytesText(bytes, at, size)];
	const texts = [];
	for (let p = at; p < at + size; p += step) texts.push(valueText(bytes, item, p, Math.min(step, at + size - p)));
	return texts;
}
/** Kinds whose text is also a JSON number (at most 32 bits) or a JSON boolean. */
function isPlainJson(kind) {
	return kind >= 3 && kind <= 8 || kind === 13;
}
/** Kinds whose text is made of digits, letters and signs that JSON takes as they are: numbers, GUIDs, SIDs, times, hex. */
function needsNoEscape(kind) {
	return kind >= 3 && kind <= 21;
}
function utf16(bytes, at, size) {
	let end = at + (size & -2);
	while (end > at && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2;
	if (end - at > RECALLED_BYTES) return bytes.toString("utf16le", at, end);
	return recall(bytes, at, end);
}
/** Computer, channel, account and image names return in record after record: short texts are kept and compared. */
var RECALLED_BYTES = 128;
var recalled = Array.from({ length: 4096 }, () => "");
function recall(bytes, at, end) {
	let hash = 0;
	for (let p = at; p < end; p += 2) hash = Math.imul(hash, 31) + (bytes[p] | bytes[p + 1] << 8) | 0;
	const slot = (hash ^ hash >>> 15) & 4095;
	const known = recalled[slot];
	if (known.length === end - at >> 1 && isSame$1(known, bytes, at)) return known;
	const text = bytes.toString("utf16le", at, end);
	recalled[slot] = text;
	return text;
}
function isSame$1(text, bytes, at) {
	for (let i = 0, p = at; i < text.length; i++, p += 2) if (text.charCodeAt(i) !== (bytes[p] | bytes[p + 1] << 8)) return false;
	return true;
}
function trimNul(text) {
	let end = text.length;
	while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
	return text.slice(0, end);
}
function bytesText(bytes, at, size) {
	return bytes.toString("hex", at, at + size).toUpperCase();
}
function hex64(bytes, at) {
	const high = u32(bytes, at + 4);
	const low = u32(bytes, at);
	return high === 0 ? `0x${low.toString(16)}` : `0x${high.toString(16)}${low.toString(16).padStart(8, "0")}`;
}
function guidText(b, at) {
	const h = (i) => HEX_BYTE[b[at + i]];
	return `{${h(3)}${h(2)}${h(1)}${h(0)}-${h(5)}${h(4)}-${h(7)}${h(6)}-${h(8)}${h(9)}-${h(10)}${h(11)}${h(12)}${h(13)}${h(14)}${h(15)}}`;
}
function sidText(bytes, at, size) {
	const count = bytes[at + 1];
	if (size < 8 || count > 15 || 8 + count * 4 > size) return bytesText(bytes, at, size);
	let text = `S-${bytes[at]}-${bytes.readUIntBE(at + 2, 6)}`;
	for (let i = 0; i < count; i++) text += `-${u32(bytes, at + 8 + i * 4)}`;
	return text;
}
/** SIDs behind one another; each says how many parts it has. */
function sidTexts(bytes, at, size) {
	const texts = [];
	for (let p = at; p < at + size;) {
		const rest = at + size - p;
		const length = rest < 8 ? rest : Math.min(rest, 8 + bytes[p + 1] * 4);
		texts.push(sidText(bytes, p, length));
		p += length;
	}
	return texts;
}
var EPOCH_HIGH = 27111902;
var EPOCH_LOW = 3577643008;
/**
* FILETIME halves to microseconds since 1970 (floor), exact in doubles: 2^32 ticks are 429,496,729.6 microseconds.
* Undefined for 0 and 0x7FFFFFFFFFFFFFFF, which mean "never", and outside 1900..2200 [MS-DTYP 2.3.3, formats.md 0].
*/
function filetimeToUs(low, high) {
	if (high === 0 && low === 0) return void 0;
	const dh = high - EPOCH_HIGH;
	const us = dh * 429496729 + Math.floor((dh * 6 + (low - EPOCH_LOW)) / 10);
	return us > -0x7d91048bca000 && us < 72581184e8 ? us : void 0;
}
function filetimeText(low, high) {
	const us = filetimeToUs(low, high);
	if (us === void 0) return (BigInt(high) << 32n | BigInt(low)).toString();
	const seconds = Math.floor(us / 1e6);
	const rest = us - seconds * 1e6;
	const tick = (low + high % 10 * 6) % 10;
	return `${secondText(seconds)}.${String(rest).padStart(6, "0")}${tick}Z`;
}
var cachedSecond = NaN;
var cachedText = "";
function secondText(seconds) {
	if (seconds !== cachedSecond) {
		cachedSecond = seconds;
		cachedText = (/* @__PURE__ */ new Date(seconds * 1e3)).toISOString().slice(0, 19);
	}
	return cachedText;
}
function systemTimeText(bytes, at) {
	const part = (index, width = 2) => String(u16(bytes, at + index * 2)).padStart(width, "0");
	return `${part(0, 4)}-${part(1)}-${part(3)}T${part(4)}:${part(5)}:${part(6)}.${part(7, 3)}Z`;
}
// ../perf/core/importers/evtx/binxml.ts
/** Real events nest about five elements deep; a file made of opening tags would exhaust the stack. */
var MAX_ELEMENT_DEPTH = 64;
/** Names are field names; a length field of 65,535 on every name would copy the chunk thousands of times over. */
var MAX_NAME_UNITS = 1024;
var ENTITIES = /* @__PURE__ */ new Map([
	["lt", "<"],
	["gt", ">"],
	["amp", "&"],
	["quot", "\""],
	["apos", "'"]
]);
/** The hash stored beside a name (formats.md A1.4). */
function nameHash(name) {
	let hash = 0;
	for (let i = 0; i < name.length; i++) hash = Math.imul(hash, 65599) + name.charCodeAt(i) | 0;
	return hash & 65535;
}
/**
* Parses BinXML elements (formats.md A1.4) into a small tree: a template definition or a fragment without template.
* @param start first token; `end` first byte that no longer belongs to it
* @param hasDependencyId false inside a value of type 0x21 that starts directly with an element
* @throws BrokenRecord with the chunk-relative place
*/
function parseXml(source, start, end, hasDependencyId = true) {
	const bytes = source.bytes;
	let at = start;
	function need(count) {
		if (at + count > end) throw new BrokenRecord("xml_cut", at);
	}
	function readU16() {
		need(2);
		at += 2;
		return u16(bytes, at - 2);
	}
	function readU32() {
		need(4);
		at += 4;
		return u32(bytes, at - 4);
	}
	function readText() {
		const units = readU16();
		need(units * 2);
		at += units * 2;
		return bytes.toString("utf16le", at - units * 2, at);
	}
	function readName() {
		const offset = readU32();
		const isInline = offset === at;
		const known = source.names.get(offset);
		const units = u16(bytes, offset + 6);
		const nameEnd = offset + 8 + units * 2;
		if (units > MAX_NAME_UNITS || nameEnd + 2 > bytes.length) throw new BrokenRecord("name_offset", at);
		const name = known ?? bytes.toString("utf16le", offset + 8, nameEnd);
		if (known === void 0) {
			if (source.verifiesNames === true && nameHash(name) !== u16(bytes, offset + 4)) throw new BrokenRecord("name_hash", at);
			source.names.set(offset, name);
		}
		source.references?.push({
			at: at - 4,
			name,
			isInline
		});
		if (isInline) {
			need(10 + units * 2);
			at = nameEnd + 2;
		}
		return name;
	}
	/** Reads a content token; undefined when the token at `at` is none. */
	function readContent() {
		const token = bytes[at] & 191;
		switch (token) {
			case 5: {
				need(2);
				const kind = bytes[at + 1];
				at += 2;
				if (kind === 1) return {
					kind: "text",
					text: readText()
				};
				const size = ITEM_BYTES.get(kind);
				if (size === void 0) throw new BrokenRecord("literal_type", at - 1);
				need(size);
				at += size;
				return {
					kind: "text",
					text: valueText(bytes, kind, at - size, size)
				};
			}
			case 7:
				at += 1;
				return {
					kind: "text",
					text: readText()
				};
			case 8:
				at += 1;
				return {
					kind: "text",
					text: String.fromCharCode(readU16())
				};
			case 9: {
				at += 1;
				const name = readName();
				return {
					kind: "text",
					text: ENTITIES.get(name) ?? `&${name};`
				};
			}
			case 13:
			case 14: {
				need(4);
				const index = u16(bytes, at + 1);
				at += 4;
				return {
					kind: "value",
					index,
					isOptional: token === 14
				};
			}
			default: return;
		}
	}
	function readAttributes(hasList) {
		const attributes = [];
		if (!hasList) return attributes;
		readU32();
		while (at < end && (bytes[at] & 191) === 6) {
			at += 1;
			const name = readName();
			const content = [];
			for (let part = readContent(); part; part = at < end ? readContent() : void 0) content.push(part);
			attributes.push({
				name,
				content
			});
		}
		return attributes;
	}
	function skipInstruction() {
		if (bytes[at] === 10) {
			at += 1;
			readName();
			return true;
		}
		if (bytes[at] === 11) {
			at += 1;
			readText();
			return true;
		}
		return false;
	}
	function readElement(depth) {
		if (depth > MAX_ELEMENT_DEPTH) throw new BrokenRecord("xml_depth", at);
		const token = bytes[at];
		at += 1;
		if (hasDependencyId) readU16();
		readU32();
		const name = readName();
		const attributes = readAttributes((token & 64) !== 0);
		need(1);
		const children = [];
		const close = bytes[at];
		at += 1;
		if (close === 3) return {
			kind: "element",
			name,
			attributes,
			children
		};
		if (close !== 2) throw new BrokenRecord("xml_token", at - 1);
		for (;;) {
			need(1);
			const next = bytes[at];
			if (next === 4) {
				at += 1;
				return {
					kind: "element",
					name,
					attributes,
					children
				};
			}
			if (next === 1 || next === 65) children.push(readElement(depth + 1));
			else if (!skipInstruction()) {
				const content = readContent();
				if (content === void 0) throw new BrokenRecord("xml_token", at);
				children.push(content);
			}
		}
	}
	const elements = [];
	while (at < end) {
		const token = bytes[at];
		if (token === 0) break;
		if (token === 15) {
			need(4);
			at += 4;
		} else if (token === 1 || token === 65) elements.push(readElement(1));
		else if (!skipInstruction()) throw new BrokenRecord("xml_token", at);
	}
	return elements;
}
// ../perf/core/importers/evtx/frame.ts
/**
* The values of one template instance: where each lies in the chunk. Frames are reused from record to record, so that
* reading a record allocates nothing but its strings.
*/
var Frame = class {
	bytes = Buffer.alloc(0);
	count = 0;
	/** First byte after the last value. */
	end = 0;
	#at = /* @__PURE__ */ new Int32Array(64);
	#size = /* @__PURE__ */ new Int32Array(64);
	#kind = /* @__PURE__ */ new Uint8Array(64);
	#text = [];
	/**
	* Reads the value table at `start`: u32 count, count x { u16 size, u8 type, u8 0 }, then the values back to back.
	* @throws BrokenRecord when the count or a size does not fit before `limit` (a count of 2^32 allocated 17 GB
	*   elsewhere; TRUST H4)
	*/
	read(bytes, start, limit) {
		if (start + 4 > limit) throw new BrokenRecord("values_cut", start);
		const count = u32(bytes, start);
		let at = start + 4 + count * 4;
		if (at > limit) throw new BrokenRecord("value_count", start);
		if (count > this.#at.length) this.#grow(count);
		for (let i = 0, entry = start + 4; i < count; i++, entry += 4) {
			const size = u16(bytes, entry);
			this.#at[i] = at;
			this.#size[i] = size;
			this.#kind[i] = bytes[entry + 2];
			this.#text[i] = void 0;
			at += size;
		}
		if (at > limit) throw new BrokenRecord("value_size", start);
		this.bytes = bytes;
		this.count = count;
		this.end = at;
	}
	/** A frame without values, for fragments that have no template. */
	clear(bytes) {
		this.bytes = bytes;
		this.count = 0;
	}
	/** Value type; a value beyond the table counts as null. */
	kind(index) {
		return index < this.count ? this.#kind[index] : 0;
	}
	at(index) {
		return this.#at[index];
	}
	size(index) {
		return index < this.count ? this.#size[index] : 0;
	}
	/** The value as text; arrays are joined by line feeds. Decoded once per record. */
	text(index) {
		if (index >= this.count) return "";
		const known = this.#text[index];
		if (known !== void 0) return known;
		const kind = this.#kind[index];
		const text = (kind & 128) !== 0 ? this.items(index).join("\n") : valueText(this.bytes, kind, this.#at[index], this.#size[index]);
		this.#text[index] = text;
		return text;
	}
	items(index) {
		return arrayTexts(this.bytes, this.#kind[index], this.#at[index], this.#size[index]);
	}
	#grow(count) {
		this.#at = new Int32Array(count);
		this.#size = new Int32Array(count);
		this.#kind = new Uint8Array(count);
	}
};
// ../perf/core/importers/evtx/flat-program.ts
var SYSTEM_ELEMENTS = /* @__PURE__ */ new Map([
	["EventID", "eventId"],
	["Version", "version"],
	["Keywords", "keywords"],
	["EventRecordID", "recordId"],
	["Channel", "channel"],
	["Computer", "computer"]
]);
var SYSTEM_ATTRIBUTES = /* @__PURE__ */ new Map([
	["Provider/Name", "provider"],
	["TimeCreated/SystemTime", "time"],
	["Security/UserID", "userSid"],
	["Execution/ProcessID", "executionPid"]
]);
/**
* Compiles a fragment into the steps that read a flat event out of an instance. RenderingInfo (texts added by a
* collector) is left to the raw record: its names would hide those of the event.
*/
function compileFlat(nodes, place) {
	const steps = [];
	for (const node of nodes) addNode(steps, node, place, "");
	return steps;
}
function addNode(steps, node, place, holder) {
	if (node.kind === "text") return;
	if (node.kind === "value") {
		steps.push({
			kind: "nested",
			value: node.index,
			place,
			name: holder
		});
		return;
	}
	if (place === "root") for (const child of node.children) addNode(steps, child, "event", node.name);
	else if (place === "event") addSection(steps, node);
	else if (place === "system") addSystemElement(steps, node);
	else addDataElement(steps, node);
}
function addSection(steps, node) {
	if (node.name === "RenderingInfo") return;
	const place = node.name === "System" ? "system" : "data";
	for (const child of node.children) addNode(steps, child, place, node.name);
}
function addSystemElement(steps, node) {
	for (const attribute of node.attributes) {
		const slot = SYSTEM_ATTRIBUTES.get(`${node.name}/${attribute.name}`);
		if (slot !== void 0) steps.push(systemStep(slot, attribute.content));
	}
	const slot = SYSTEM_ELEMENTS.get(node.name);
	if (slot !== void 0) steps.push(systemStep(slot, contentOf$1(node)));
}
function systemStep(slot, content) {
	return {
		kind: "system",
		slot,
		value: onlyValue(content),
		content
	};
}
function addDataElement(steps, node) {
	const naming = node.name === "Data" ? node.attributes.find((attribute) => attribute.name === "Name") : void 0;
	const others = node.attributes.filter((attribute) => attribute !== naming && !isNamespace(attribute));
	for (const attribute of others) if (node.name !== "Data") steps.push(dataStep(attribute.name, void 0, attribute.content));
	const elements = node.children.filter((child) => child.kind === "element");
	for (const child of elements) addDataElement(steps, child);
	const content = contentOf$1(node);
	if (content.length === 0 && (elements.length > 0 || others.length > 0)) return;
	const fixedName = naming === void 0 ? node.name : textOf(naming.content);
	const isUnnamed = node.name === "Data" && naming === void 0;
	steps.push(dataStep(isUnnamed ? null : fixedName ?? node.name, fixedName === void 0 ? naming?.content : void 0, content));
}
function dataStep(name, nameContent, content) {
	const first = content[0];
	const isOptional = content.length === 1 && first?.kind === "value" && first.isOptional;
	return {
		kind: "data",
		name,
		nameContent,
		value: onlyValue(content),
		isOptional,
		content
	};
}
function isNamespace(attribute) {
	return attribute.name === "xmlns" || attribute.name.startsWith("xmlns:");
}
function contentOf$1(node) {
	return node.children.filter((child) => child.kind !== "element");
}
function onlyValue(content) {
	const first = content[0];
	return content.length === 1 && first?.kind === "value" ? first.index : -1;
}
/** The fixed text of a content; undefined when a value takes part in it. */
function textOf(content) {
	let text = "";
	for (const part of content) {
		if (part.kind === "value") return void 0;
		text += part.text;
	}
	return text;
}
// ../perf/core/importers/evtx/json-program.ts
function compileJson(nodes, place) {
	const steps = [];
	addChildren(steps, nodes, place, /* @__PURE__ */ new Map());
	return steps;
}
function keyFor(names, name) {
	const count = (names.get(name) ?? 0) + 1;
	names.set(name, count);
	return `${JSON.stringify(count === 1 ? name : `${name}_${count}`)}:`;
}
function addChildren(steps, nodes, place, names) {
	const unnamed = place === "data" ? nodes.filter(isUnnamedData) : [];
	let isListWritten = false;
	for (const node of nodes) if (node.kind === "element" && place === "data" && isUnnamedData(node)) {
		if (!isListWritten) steps.push({
			kind: "list",
			key: keyFor(names, "Data"),
			items: unnamed.map(contentOf)
		});
		isListWritten = true;
	} else if (node.kind === "element") addElement(steps, node, place, names);
	else if (node.kind === "value") steps.push({
		kind: "nested",
		value: node.index,
		place,
		key: keyFor(names, "#text")
	});
	else if (node.text.trim() !== "") steps.push(member(keyFor(names, "#text"), [node], place));
}
function isUnnamedData(node) {
	return node.kind === "element" && node.name === "Data" && node.attributes.length === 0 && contentOf(node).length === node.children.length;
}
/** What a child fragment of this element is: the same places as in the flat program. */
function placeInside(node, place) {
	if (place === "root") return "event";
	if (place === "event") return node.name === "System" ? "system" : "data";
	return place;
}
function addElement(steps, node, place, names) {
	const inside = placeInside(node, place);
	const content = contentOf(node);
	const isLeaf = content.length === node.children.length;
	const naming = node.name === "Data" && node.attributes.length === 1 ? node.attributes[0] : void 0;
	if (isLeaf && place === "data" && naming?.name === "Name") {
		const name = textOf(naming.content);
		if (name === void 0) steps.push({
			kind: "named",
			name: naming.content,
			content
		});
		else steps.push(member(keyFor(names, name), content, inside));
		return;
	}
	if (isLeaf && node.attributes.length === 0) {
		steps.push(member(keyFor(names, node.name), content, inside));
		return;
	}
	steps.push({
		kind: "open",
		key: keyFor(names, node.name)
	});
	const attributeNames = /* @__PURE__ */ new Map();
	if (node.attributes.length > 0) {
		const members = node.attributes.map((attribute) => toMember(keyFor(attributeNames, attribute.name), attribute.content, inside));
		steps.push({
			kind: "attributes",
			members
		});
	}
	if (isLeaf && content.length > 0) steps.push(member("\"#text\":", content, inside));
	else if (!isLeaf) addChildren(steps, node.children, inside, /* @__PURE__ */ new Map());
	steps.push({ kind: "close" });
}
function member(key, content, place) {
	return {
		kind: "member",
		...toMember(key, content, place)
	};
}
function toMember(key, content, place) {
	const first = content[0];
	const isOnly = content.length === 1 && first?.kind === "value";
	return {
		key,
		value: isOnly ? first.index : -1,
		isOptional: isOnly && first.isOptional,
		content,
		place
	};
}
function contentOf(node) {
	return node.children.filter((child) => child.kind !== "element");
}
// ../perf/core/importers/evtx/template-library.ts
/** A hostile file could bring a new template with every record; past this many the library starts anew. */
var MAX_TEMPLATES = 4096;
/** Forged definitions that share GUID and size must not make every look-up a long list. */
var MAX_PER_IDENTITY = 4;
/**
* Templates of a whole file, so that each is compiled once and not once per chunk. GUID and size find the candidate;
* then every byte is compared, and every name it refers to (names lie at different offsets in each chunk): otherwise
* one forged definition could rename the fields of all later chunks.
*/
var TemplateLibrary = class {
	#entries = /* @__PURE__ */ new Map();
	#size = 0;
	find(source, start, end) {
		return this.#entries.get(identityOf(source, start))?.find((entry) => isSame(entry, source, start, end))?.template;
	}
	add(source, start, end, references, template) {
		if (this.#size >= MAX_TEMPLATES) {
			this.#entries.clear();
			this.#size = 0;
		}
		const identity = identityOf(source, start);
		const known = this.#entries.get(identity) ?? [];
		if (known.length >= MAX_PER_IDENTITY) return;
		known.push({
			definition: Buffer.from(source.bytes.subarray(start, end)),
			references: references.map((reference) => ({
				...reference,
				at: reference.at - start
			})),
			template
		});
		this.#entries.set(identity, known);
		this.#size += 1;
	}
};
function identityOf(source, start) {
	return source.bytes.toString("latin1", start + 4, start + 24);
}
function isSame(entry, source, start, end) {
	const { definition, references } = entry;
	if (definition.length !== end - start) return false;
	let from = 4;
	for (const reference of references) {
		if (!isSameRange(definition, source.bytes, start, from, reference.at)) return false;
		const offset = u32(source.bytes, start + reference.at);
		if (offset === start + reference.at + 4 !== reference.isInline) return false;
		if (!isNameAt(source.bytes, offset, reference.name)) return false;
		from = reference.at + (reference.isInline ? 8 : 4);
	}
	return isSameRange(definition, source.bytes, start, from, definition.length);
}
function isSameRange(definition, bytes, start, from, to) {
	for (let i = from; i < to; i++) if (definition[i] !== bytes[start + i]) return false;
	return true;
}
function isNameAt(bytes, offset, name) {
	if (u16(bytes, offset + 6) !== name.length) return false;
	for (let i = 0, at = offset + 8; i < name.length; i++, at += 2) if (u16(bytes, at) !== name.charCodeAt(i)) return false;
	return true;
}
/** As MAX_TEMPLATES of the library: a hostile file brings a new one with every record. */
var MAX_LEARNED = 4096;
/** A parsed template with the programs made from it on first use, one per place it is used in. */
var Template = class {
	nodes;
	#flat = /* @__PURE__ */ new Map();
	#json = /* @__PURE__ */ new Map();
	#valueCount;
	constructor(nodes) {
		this.nodes = nodes;
	}
	/** How many values an instance must have at least. */
	get valueCount() {
		return this.#valueCount ??= highestValue(this.nodes) + 1;
	}
	flat(place) {
		let program = this.#flat.get(place);
		if (program === void 0) this.#flat.set(place, program = compileFlat(this.nodes, place));
		return program;
	}
	json(place) {
		let program = this.#json.get(place);
		if (program === void 0) this.#json.set(place, program = compileJson(this.nodes, place));
		return program;
	}
};
function highestValue(nodes) {
	let highest = -1;
	for (const node of nodes) if (node.kind === "value") highest = Math.max(highest, node.index);
	else if (node.kind === "element") {
		highest = Math.max(highest, highestValue(node.children));
		for (const attribute of node.attributes) highest = Math.max(highest, highestValue(attribute.content));
	}
	return highest;
}
/** Names, templates and bytes of the chunk being read. */
var ChunkContext = class {
	bytes = Buffer.alloc(0);
	names = /* @__PURE__ */ new Map();
	references;
	/** Set while left-over records are read, whose names may have been overwritten. */
	verifiesNames = false;
	/** Templates of live records by the first four bytes of their GUID; null where two GUIDs share them. */
	#learned = /* @__PURE__ */ new Map();
	#library = new TemplateLibrary();
	#templates = /* @__PURE__ */ new Map();
	open(bytes) {
		this.bytes = bytes;
		this.names.clear();
		this.#templates.clear();
		this.verifiesNames = false;
	}
	/**
	* The template of a left-over record: its own definition if that is still there (its id and names are checked), else
	* one of the same id from a live record of this file. Undefined when there is neither.
	*/
	leftOverTemplate(offset, id) {
		if (this.hasDefinition(offset, id)) try {
			return {
				template: this.template(offset),
				isOwn: true
			};
		} catch (error) {
			if (!(error instanceof BrokenRecord)) throw error;
		}
		const learned = this.#learned.get(id);
		return learned === null || learned === void 0 ? void 0 : {
			template: learned.template,
			isOwn: false
		};
	}
	/** Whether a definition with this id lies at `offset`. */
	hasDefinition(offset, id) {
		return offset + 24 <= this.bytes.length && u32(this.bytes, offset + 4) === id;
	}
	#learn(offset, template) {
		if (this.verifiesNames) return;
		const id = u32(this.bytes, offset + 4);
		const known = this.#learned.get(id);
		const guid = this.bytes.toString("latin1", offset + 4, offset + 20);
		if (known === null || this.#learned.size >= MAX_LEARNED) return;
		this.#learned.set(id, known !== void 0 && known.guid !== guid ? null : {
			guid,
			template
		});
	}
	/** Bytes a resident definition occupies at `offset`, header included. */
	definitionBytes(offset) {
		if (offset + 24 > this.bytes.length) throw new BrokenRecord("template_offset", offset);
		return 24 + u32(this.bytes, offset + 20);
	}
	/** @throws BrokenRecord when the definition cannot be read; remembered, so that it costs once per chunk */
	template(offset) {
		const known = this.#templates.get(offset);
		if (known instanceof Template) return known;
		if (known !== void 0) throw known;
		try {
			const template = this.#parse(offset);
			this.#templates.set(offset, template);
			return template;
		} catch (error) {
			if (error instanceof BrokenRecord) this.#templates.set(offset, error);
			throw error;
		}
	}
	#parse(offset) {
		const end = offset + this.definitionBytes(offset);
		if (end > this.bytes.length) throw new BrokenRecord("template_size", offset);
		const known = this.#library.find(this, offset, end);
		if (known !== void 0) {
			this.#learn(offset, known);
			return known;
		}
		const references = [];
		this.references = references;
		try {
			const nodes = parseXml(this, offset + 24, end);
			if (nodes.length === 0) throw new BrokenRecord("template_empty", offset);
			const template = new Template(nodes);
			this.#library.add(this, offset, end, references, template);
			this.#learn(offset, template);
			return template;
		} finally {
			this.references = void 0;
		}
	}
};
// ../perf/core/importers/evtx/system-values.ts
/**
* The order in which the event log service itself writes the System values of an instance, with their types: level,
* opcode, task, event id, qualifiers, keywords, time, activity, process, thread, record id, version, user, related
* activity. Optional ones are null (0). Seen alike in all samples.
*/
var LAYOUT = [
	[4],
	[4],
	[6],
	[6],
	[6, 0],
	[21],
	[17],
	[15, 0],
	[8],
	[8],
	[10],
	[4],
	[19, 0],
	[15, 0]
];
/** Provider name, provider GUID and channel follow where the template does not hold them as text. */
var SOURCE = [
	1,
	15,
	1
];
/**
* Fills System fields from the values of an instance whose template is lost. Only believed when every type fits and the
* record id among them is that of the record's header.
* @returns how many values are System's; 0 when the layout is another
*/
function readSystemValues(frame, event, recordId) {
	if (frame.count < LAYOUT.length || !LAYOUT.every((kinds, index) => kinds.includes(frame.kind(index)))) return 0;
	const { bytes } = frame;
	if (frame.size(10) !== 8 || u64Text(bytes, frame.at(10)) !== recordId) return 0;
	event.eventId = u16(bytes, frame.at(3));
	event.timeUs = filetimeToUs(u32(bytes, frame.at(6)), u32(bytes, frame.at(6) + 4)) ?? null;
	event.isAuditFailure = saysAuditFailure(frame.text(5));
	event.executionPid = u32(bytes, frame.at(8));
	event.version = bytes[frame.at(11)];
	event.userSid = frame.text(12);
	event.recordId = recordId;
	const source = LAYOUT.length;
	if (!SOURCE.every((kind, index) => frame.kind(source + index) === kind)) return source;
	event.provider = frame.text(source);
	event.channel = frame.text(source + 2);
	return source + SOURCE.length;
}
// ../perf/core/importers/evtx/values-only.ts
/** End token and padding behind the values of a record. */
var MAX_PADDING = 16;
/** As in event-reader.ts: what one value costs beside its text. */
var VALUE_COST$1 = 32;
/**
* Reads a record whose template is lost: its values by number (`value18`, and `value18.3` for the third of a fragment
* inside it), System as far as `system-values.ts` knows its place.
* @param recordId that of the record's header
* @throws BrokenRecord when the values cannot be told apart
*/
function readValuesOnly(host, start, end, recordId) {
	const event = emptyWindowsEvent();
	const { id, frame } = openValues(host, start, end, 0);
	const known = readSystemValues(frame, event, recordId);
	const values = Array.from({ length: frame.count }, (_, index) => frame.text(index));
	host.charge(values.reduce((sum, value) => sum + value.length, 0));
	for (let index = known; index < frame.count; index++) addValueOf(host, event, frame, index);
	return {
		event,
		template: id,
		values
	};
}
function addValueOf(host, event, frame, index) {
	const kind = frame.kind(index);
	const name = `value${index + 1}`;
	if (kind === 0) return;
	if (kind !== 33) {
		add(host, event, name, frame.text(index));
		return;
	}
	try {
		host.readFragment(event, frame, index);
	} catch (error) {
		if (!(error instanceof BrokenRecord) || error.reason === "budget") throw error;
		addNested(host, event, frame, index, name);
	}
}
function addNested(host, event, frame, index, name) {
	try {
		const at = frame.at(index);
		const { frame: inner } = openValues(host, at, at + frame.size(index), 1);
		for (let i = 0; i < inner.count; i++) if (inner.kind(i) !== 0) add(host, event, `${name}.${i + 1}`, inner.text(i));
	} catch (error) {
		if (!(error instanceof BrokenRecord) || error.reason === "budget") throw error;
		add(host, event, name, frame.text(index));
	}
}
function add(host, event, name, value) {
	host.charge(VALUE_COST$1 + value.length);
	addValue(event.data, name, value);
}
/** The values of a template instance, whatever its template was. */
function openValues(host, start, end, depth) {
	const { context } = host;
	const { bytes } = context;
	const frame = host.frames[depth];
	const instance = bytes[start] === 15 ? start + 4 : start;
	if (bytes[instance] !== 12 || instance + 10 > end) throw new BrokenRecord("no_instance", instance);
	const id = u32(bytes, instance + 2);
	frame.read(bytes, valuesAt(context, instance), end);
	if (frame.count === 0 || end - frame.end > MAX_PADDING) throw new BrokenRecord("values_odd", instance);
	return {
		id: `0x${id.toString(16).padStart(8, "0")}`,
		frame
	};
}
/** Where the values of a left-over instance begin: behind its definition, when that stands in the record itself. */
function valuesAt(context, instance) {
	const at = instance + 10;
	if (u32(context.bytes, instance + 6) !== at) return at;
	if (!context.hasDefinition(at, u32(context.bytes, instance + 2))) throw new BrokenRecord("template_damaged", at);
	return at + context.definitionBytes(at);
}
// ../perf/core/importers/evtx/event-reader.ts
/**
* Characters and steps one chunk may cost. A template may name the same large value thousands of times, or the same
* nested fragment: 64 KiB of evidence would become gigabytes, or years. Real chunks stay below a million.
*/
var CHUNK_BUDGET = 6e6;
/** Bit 52 of Keywords, in its upper half. */
var AUDIT_FAILURE_HIGH = 1 << 20;
/** What one value costs of the budget beside its text: its place in the event. */
var VALUE_COST = 32;
/**
* Reads events out of the records of one chunk after the other. One instance per file; not reentrant. Longer than other
* files because the flat and the JSON reading share frames, budget and text without passing them along: this loop is what
* an import of event logs spends its time in.
*/
var EventReader = class {
	#context = new ChunkContext();
	#frames = Array.from({ length: 9 }, () => new Frame());
	#event = emptyWindowsEvent();
	#unnamed = 0;
	#budget = 0;
	#json = "";
	#needsComma = false;
	#isForeign = false;
	#valuesHost = {
		context: this.#context,
		frames: this.#frames,
		charge: (amount) => this.#charge(amount),
		readFragment: (event, frame, index) => {
			this.#event = event;
			this.#runNestedFlat(frame, index, "event", 0);
		}
	};
	openChunk(bytes) {
		this.#context.open(bytes);
		this.#budget = CHUNK_BUDGET;
	}
	/**
	* Reads the event whose BinXML lies at `start`..`end` of the open chunk.
	* @throws BrokenRecord when it cannot be read; its reason `budget` means the chunk's text budget is used up
	*/
	read(start, end) {
		this.#event = emptyWindowsEvent();
		this.#unnamed = 0;
		const opened = this.#open(start, end, 0, true);
		this.#runFlat(opened.template.flat("root"), opened.frame, 0);
		return this.#event;
	}
	/** Compact JSON of the whole event at `start`..`end` of the open chunk; what cannot be read of it is missing at the end. */
	render(start, end) {
		try {
			this.#renderJson(start, end);
			return {
				raw: this.#json,
				isWhole: true
			};
		} catch (error) {
			if (!(error instanceof BrokenRecord)) throw error;
			return {
				raw: this.#json,
				isWhole: false
			};
		}
	}
	#renderJson(start, end) {
		this.#json = "{";
		this.#needsComma = false;
		const opened = this.#open(start, end, 0, true);
		this.#runJson(opened.template.json("root"), opened.frame, 0);
		this.#json += "}";
	}
	/**
	* Reads a left-over record, whose template or names may have been overwritten since: nothing unverified is believed.
	* Where no template is left, the event has its values only (`values-only.ts`).
	* @param recordId that of the record's header
	* @returns how it was read: with its own template, with one of the same id from elsewhere in the file, or values only
	* @throws BrokenRecord when not even the values can be told apart
	*/
	recover(start, end, recordId) {
		this.#context.verifiesNames = true;
		this.#isForeign = false;
		try {
			const event = this.read(start, end);
			this.#renderJson(start, end);
			return {
				event,
				raw: this.#json,
				by: this.#isForeign ? "file" : "own"
			};
		} catch (error) {
			if (!(error instanceof BrokenRecord) || error.reason === "budget") throw error;
			return {
				...this.#readValues(start, end, recordId),
				by: "values"
			};
		} finally {
			this.#context.verifiesNames = false;
		}
	}
	#readValues(start, end, recordId) {
		const { event, template, values } = readValuesOnly(this.#valuesHost, start, end, recordId);
		return {
			event,
			raw: JSON.stringify({
				Template: template,
				Values: values
			})
		};
	}
	/** Finds the template and values of a fragment; what follows a template instance is slack (performance.md 1). */
	#open(start, end, depth, hasDependencyId) {
		this.#charge(end - start);
		const frame = this.#frames[depth];
		if (frame === void 0) throw new BrokenRecord("nesting", start);
		const bytes = this.#context.bytes;
		let at = start;
		if (bytes[at] === 15) at += 4;
		if (bytes[at] !== 12) {
			frame.clear(bytes);
			return {
				template: new Template(this.#parseFragment(at, end, hasDependencyId)),
				frame
			};
		}
		if (at + 10 > end) throw new BrokenRecord("instance_cut", at);
		const definition = u32(bytes, at + 6);
		if (this.#context.verifiesNames) return this.#openLeftOver(at, end, definition, frame);
		at += 10;
		const template = this.#context.template(definition);
		if (definition === at) at += this.#context.definitionBytes(definition);
		frame.read(bytes, at, end);
		return {
			template,
			frame
		};
	}
	#openLeftOver(instance, end, definition, frame) {
		const bytes = this.#context.bytes;
		const id = u32(bytes, instance + 2);
		const found = this.#context.leftOverTemplate(definition, id);
		if (found === void 0) throw new BrokenRecord("template_lost", instance);
		if (!found.isOwn) this.#isForeign = true;
		frame.read(bytes, valuesAt(this.#context, instance), end);
		if (found.template.valueCount > frame.count) throw new BrokenRecord("template_other", instance);
		return {
			template: found.template,
			frame
		};
	}
	/** Forwarded events and values leave the dependency id out without saying so: try the usual form first. */
	#parseFragment(start, end, hasDependencyId) {
		try {
			return parseXml(this.#context, start, end, hasDependencyId);
		} catch (error) {
			if (!(error instanceof BrokenRecord)) throw error;
			return parseXml(this.#context, start, end, !hasDependencyId);
		}
	}
	#openNested(frame, index, depth) {
		const at = frame.at(index);
		const size = frame.size(index);
		return size === 0 ? void 0 : this.#open(at, at + size, depth + 1, false);
	}
	#charge(amount) {
		this.#budget -= amount;
		if (this.#budget < 0) throw new BrokenRecord("budget", 0);
	}
	#spend(text) {
		this.#charge(text.length);
		return text;
	}
	#mixedText(content, frame) {
		let text = "";
		for (const part of content) text += this.#spend(part.kind === "text" ? part.text : frame.text(part.index));
		return text;
	}
	#runFlat(program, frame, depth) {
		this.#charge(program.length);
		for (const step of program) if (step.kind === "system") this.#setSystem(step.slot, step.value, step.content, frame);
		else if (step.kind === "nested") {
			if (frame.kind(step.value) === 33) this.#runNestedFlat(frame, step.value, step.place, depth);
			else if (frame.size(step.value) > 0) this.#addData(step.name, frame, step.value);
		} else if (step.value < 0) {
			const name = step.nameContent === void 0 ? step.name : this.#mixedText(step.nameContent, frame);
			this.#add(name, this.#mixedText(step.content, frame));
		} else {
			const kind = frame.kind(step.value);
			if (kind === 0 && step.isOptional) continue;
			if (kind === 33) this.#runNestedFlat(frame, step.value, "data", depth);
			else {
				const name = step.nameContent === void 0 ? step.name : this.#mixedText(step.nameContent, frame);
				this.#addData(name, frame, step.value);
			}
		}
	}
	#runNestedFlat(frame, index, place, depth) {
		const nested = this.#openNested(frame, index, depth);
		if (nested !== void 0) this.#runFlat(nested.template.flat(place), nested.frame, depth + 1);
	}
	/** An array in element content repeats the element: named data keep one joined text, unnamed ones become several. */
	#addData(name, frame, index) {
		if (name === null && (frame.kind(index) & 128) !== 0) for (const item of frame.items(index)) this.#add(null, this.#spend(item));
		else this.#add(name, this.#spend(frame.text(index)));
	}
	#add(name, value) {
		this.#charge(VALUE_COST);
		addValue(this.#event.data, name ?? `param${++this.#unnamed}`, value);
	}
	#setSystem(slot, index, content, frame) {
		const event = this.#event;
		const kind = index < 0 ? -1 : frame.kind(index);
		switch (slot) {
			case "eventId":
				event.eventId = kind === 6 ? u16(frame.bytes, frame.at(index)) : toInt(this.#mixedText(content, frame));
				return;
			case "version":
				event.version = kind === 4 ? frame.bytes[frame.at(index)] : toInt(this.#mixedText(content, frame));
				return;
			case "keywords":
				event.isAuditFailure = kind === 21 ? (u32(frame.bytes, frame.at(index) + 4) & AUDIT_FAILURE_HIGH) !== 0 : saysAuditFailure(this.#mixedText(content, frame));
				return;
			case "executionPid":
				event.executionPid = kind === 8 ? u32(frame.bytes, frame.at(index)) : toInt(this.#mixedText(content, frame));
				return;
			case "time":
				if (kind === 17) event.timeUs = filetimeToUs(u32(frame.bytes, frame.at(index)), u32(frame.bytes, frame.at(index) + 4)) ?? null;
				else event.timeUs = toTimeUs(this.#mixedText(content, frame));
				return;
			default: event[slot] = index < 0 ? this.#mixedText(content, frame) : this.#spend(frame.text(index));
		}
	}
	#runJson(program, frame, depth) {
		this.#charge(program.length);
		for (const step of program) switch (step.kind) {
			case "open":
				this.#write(step.key + "{");
				this.#needsComma = false;
				break;
			case "close":
				this.#json += "}";
				this.#needsComma = true;
				break;
			case "member":
				this.#writeMember(step, frame, depth);
				break;
			case "attributes": {
				const present = step.members.filter((member) => !isAbsent(member, frame));
				if (present.length === 0) break;
				this.#write("\"#attributes\":{");
				this.#needsComma = false;
				for (const member of present) this.#writeMember(member, frame, depth);
				this.#json += "}";
				break;
			}
			case "named":
				this.#write(`${JSON.stringify(this.#mixedText(step.name, frame))}:${JSON.stringify(this.#mixedText(step.content, frame))}`);
				break;
			case "list": {
				const items = step.items.flatMap((item) => this.#listItems(item, frame));
				if (items.length > 0) this.#write(`${step.key}[${items.join(",")}]`);
				break;
			}
			case "nested": if (frame.kind(step.value) === 33) this.#runNestedJson(frame, step.value, step.place, depth);
			else if (frame.size(step.value) > 0) this.#write(step.key + this.#valueJson(frame, step.value));
		}
	}
	#runNestedJson(frame, index, place, depth) {
		const nested = this.#openNested(frame, index, depth);
		if (nested !== void 0) this.#runJson(nested.template.json(place), nested.frame, depth + 1);
	}
	/** Writes a key with what follows it, after a comma where one is due. */
	#write(text) {
		this.#json += this.#spend(this.#needsComma ? "," + text : text);
		this.#needsComma = true;
	}
	#writeMember(member, frame, depth) {
		if (member.value < 0) {
			const isEmpty = member.content.length === 0;
			this.#write(member.key + (isEmpty ? "null" : JSON.stringify(this.#mixedText(member.content, frame))));
			return;
		}
		if (isAbsent(member, frame)) return;
		if (frame.kind(member.value) === 33) {
			this.#write(member.key + "{");
			this.#needsComma = false;
			this.#runNestedJson(frame, member.value, member.place, depth);
			this.#json += "}";
			this.#needsComma = true;
		} else this.#write(member.key + this.#valueJson(frame, member.value));
	}
	#listItems(content, frame) {
		const only = content.length === 1 ? content[0] : void 0;
		if (only?.kind === "value" && only.isOptional && frame.kind(only.index) === 0) return [];
		if (only?.kind === "value" && (frame.kind(only.index) & 128) !== 0) return frame.items(only.index).map((item) => JSON.stringify(this.#spend(item)));
		return [JSON.stringify(this.#mixedText(content, frame))];
	}
	#valueJson(frame, index) {
		const kind = frame.kind(index);
		if (kind === 0) return "null";
		if ((kind & 128) !== 0) return JSON.stringify(frame.items(index));
		const text = frame.text(index);
		if (isPlainJson(kind) && isJsonNumber(text)) return text;
		return needsNoEscape(kind) ? `"${text}"` : JSON.stringify(text);
	}
};
/** Whether the text of a small number or a boolean can stand in JSON as it is; a value of odd size is hex text. */
function isJsonNumber(text) {
	return text === "0" || text === "true" || text === "false" || INTEGER.test(text);
}
var INTEGER = /^-?[1-9]\d{0,9}$/;
function isAbsent(member, frame) {
	return member.isOptional && frame.kind(member.value) === 0;
}
function toInt(text) {
	const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
	return Number.isNaN(value) ? 0 : value;
}
/** TimeCreated given as text (records without a template): ISO 8601 with a zone. */
function toTimeUs(text) {
	const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
	if (match === null) return null;
	const ms = Date.parse(`${match[1]}Z`);
	return Number.isNaN(ms) ? null : ms * 1e3 + Number((match[2] ?? "").padEnd(6, "0").slice(0, 6));
}
// ../perf/core/importers/evtx/raw-in-place.ts
var reader = new EventReader();
/** How the locator of a record goes on behind that of its chunk. */
var locatorInPlace = (chunk, at) => `, record ${u64Text(chunk, at + 8)}`;
/**
* The record at `at` of a chunk as compact JSON. A chunk holds all the templates of its records, so nothing else is needed.
*/
function renderInPlace(chunk, at) {
	const end = at + u32(chunk, at + 4);
	if (chunk.length > 65536 || at + 28 > end || end > chunk.length) return {
		locator: "",
		raw: "",
		isWhole: false
	};
	reader.openChunk(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
	return {
		locator: locatorInPlace(chunk, at),
		...reader.render(at + 24, end - 4)
	};
}
// ../perf/core/importers/evtx/carve.ts
var MAGIC = Buffer.from([
	42,
	42,
	0,
	0
]);
/** Larger records do not fit into a chunk beside its header (formats.md A1.7). */
var MAX_RECORD_BYTES = 65024;
var EARLIEST_US = Date.UTC(1990, 0, 1) * 1e3;
var LATEST_US = Date.UTC(2100, 0, 1) * 1e3;
var BINXML_BEGIN = 65807;
/** Whole records that lie in the gaps: magic, both sizes, a time that can be and the beginning of BinXML must agree. */
function* carveRecords(block, gaps) {
	for (const { from, to } of gaps) {
		let at = block.indexOf(MAGIC, from);
		while (at !== -1 && at < to) {
			const carved = carvedAt(block, at, to);
			if (carved !== void 0) yield carved;
			at = block.indexOf(MAGIC, carved?.end ?? at + 1);
		}
	}
}
function carvedAt(block, at, limit) {
	const span = recordAt(block, at, limit);
	if (span === void 0 || span.end - at > MAX_RECORD_BYTES || span.idNumber === 0) return void 0;
	if (u32(block, at + 24) !== BINXML_BEGIN) return void 0;
	const writtenUs = filetimeToUs(u32(block, at + 16), u32(block, at + 20));
	if (writtenUs === void 0 || writtenUs < EARLIEST_US || writtenUs >= LATEST_US) return void 0;
	return {
		...span,
		writtenUs
	};
}
/** What is left of a chunk between its live records, which come in order. */
function gapsBetween(live, from, to) {
	const gaps = [];
	let at = from;
	for (const span of live) {
		if (span.at > at) gaps.push({
			from: at,
			to: span.at
		});
		at = Math.max(at, span.end);
	}
	if (to > at) gaps.push({
		from: at,
		to
	});
	return gaps;
}
// ../perf/core/importers/evtx/blocks.ts
/**
* Cuts a byte stream into blocks: the first of the size that `firstSize` reads out of the first `headBytes` (0: none),
* all others of `size` bytes; the last one may be short. A block is only valid until the next one is asked for: blocks
* inside a piece of the stream are not copied, and one buffer serves all that span two pieces.
*/
async function* blocksOf(stream, headBytes, firstSize, size) {
	let wanted = headBytes;
	let isFirst = true;
	let held = Buffer.alloc(size);
	let heldBytes = 0;
	for await (const bytes of stream) {
		const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		let at = 0;
		for (;;) {
			const missing = wanted - heldBytes;
			if (piece.length - at < missing) break;
			const block = heldBytes === 0 ? piece.subarray(at, at + wanted) : held.subarray(0, wanted);
			if (heldBytes > 0) piece.copy(held, heldBytes, at, at + missing);
			if (isFirst) {
				isFirst = false;
				const first = firstSize(block);
				if (first > held.length) held = Buffer.concat([held], first);
				if (heldBytes > 0) {
					at += missing;
					heldBytes = wanted;
				}
				wanted = first === 0 ? size : first;
				continue;
			}
			yield block;
			at += missing;
			heldBytes = 0;
			wanted = size;
		}
		piece.copy(held, heldBytes, at);
		heldBytes += piece.length - at;
	}
	if (heldBytes > 0) yield held.subarray(0, heldBytes);
}
// ../perf/core/importers/evtx/left-overs.ts
/**
* Records found outside the live part of a file: behind the free space of a chunk and in overwritten places. Windows uses
* chunks again, so they are older records that the log no longer counts; after a log was cleared they may be the only
* trace. Many are mere copies of records the file also holds. An examiner wants the former and not the latter: a
* left-over is kept unless a live record has the same id and was written in the same stretch of time (ids start anew when
* a log is cleared, times do not), or the same left-over was already found elsewhere.
*/
var LeftOvers = class {
	#chunks = [];
	#isSorted = true;
	#seen = /* @__PURE__ */ new Set();
	#held = [];
	#heldChars = 0;
	/** Left-overs that only repeat what the file holds. */
	repeated = 0;
	/** Notes the live records of one chunk by the range of their ids and times. */
	noteLive(firstId, lastId, firstUs, lastUs) {
		this.#isSorted &&= (this.#chunks.at(-1)?.firstId ?? -1) <= firstId;
		this.#chunks.push({
			firstId,
			lastId,
			firstUs,
			lastUs
		});
	}
	/** True when the left-over was not met before. Call it before the record is decoded. */
	isNew(id, writtenUs) {
		const identity = `${id}@${writtenUs}`;
		if (this.#seen.has(identity)) {
			this.repeated += 1;
			return false;
		}
		if (this.#seen.size < MAX_HELD) this.#seen.add(identity);
		return true;
	}
	/**
	* Keeps a unit until the whole file is known: its live twin may stand in a later chunk.
	* @returns units that can be kept no longer, because the memory for them is used up
	*/
	hold(unit, id, writtenUs, chars) {
		this.#held.push({
			unit,
			id,
			writtenUs
		});
		this.#heldChars += chars;
		return this.#heldChars > MAX_HELD_CHARS || this.#held.length > MAX_HELD ? this.release() : [];
	}
	/** The units held so far that repeat no live record. */
	release() {
		if (!this.#isSorted) this.#chunks.sort((a, b) => a.firstId - b.firstId);
		this.#isSorted = true;
		const kept = this.#held.filter((one) => !this.#isLive(one.id, one.writtenUs)).map((one) => one.unit);
		this.repeated += this.#held.length - kept.length;
		this.#held = [];
		this.#heldChars = 0;
		return kept;
	}
	#isLive(id, writtenUs) {
		let low = 0;
		let high = this.#chunks.length;
		while (low < high) {
			const middle = low + high >> 1;
			if (this.#chunks[middle].firstId <= id) low = middle + 1;
			else high = middle;
		}
		for (let index = low - 1; index >= 0 && low - index <= OVERLAPPING_CHUNKS; index--) {
			const chunk = this.#chunks[index];
			if (id <= chunk.lastId && writtenUs >= chunk.firstUs && writtenUs <= chunk.lastUs) return true;
		}
		return false;
	}
};
/** A forged file could be nothing but left-overs: beyond this they are judged by what was read until then. */
var MAX_HELD = 2e4;
var MAX_HELD_CHARS = 16e6;
/** Ranges of ids only overlap in files put together from parts; further back no chunk is looked at. */
var OVERLAPPING_CHUNKS = 16;
// ../perf/core/importers/evtx/read-evtx.ts
/** A record that is whole: its texts are made when they are asked for. */
var LiveRecord = class {
	kind = "record";
	event;
	inPlace;
	recovered;
	patched;
	constructor(event, source, at) {
		this.event = event;
		this.inPlace = {
			source,
			at
		};
	}
	get locator() {
		const { source, at } = this.inPlace;
		return source.locator + locatorInPlace(source.bytes, at);
	}
	get raw() {
		return renderInPlace(this.inPlace.source.bytes, this.inPlace.at).raw;
	}
};
var FILE_MAGIC = "ElfFile\0";
var FILE_HEADER_BYTES = 4096;
var EXCERPT_BYTES = 32;
/**
* Reads an EVTX file as a stream: one batch per chunk, in file order. Chunks are found by position up to the end of the
* file, never by the counts in the header (they lie in files that were not closed; formats.md A1.1). Damage becomes a
* problem and reading goes on. A stream that starts with a chunk (carved evidence) is read as well.
*/
async function* readEvtx(stream) {
	const file = new EvtxFile();
	for await (const block of blocksOf(stream, 128, (head) => isFileHeader(head) ? headerBytes(head) : 0, CHUNK_BYTES)) {
		const units = file.add(block);
		if (units.length > 0) yield units;
	}
	const rest = file.end();
	if (rest.length > 0) yield rest;
}
function isFileHeader(head) {
	return head.toString("latin1", 0, 8) === FILE_MAGIC;
}
/** Offset of the first chunk: 4096 in every known file; another value is only believed when it can be. */
function headerBytes(head) {
	const stated = u16(head, 40);
	return stated >= 128 && stated % 512 === 0 ? stated : FILE_HEADER_BYTES;
}
var EvtxFile = class {
	#reader = new EventReader();
	#isStarted = false;
	#isDirty = false;
	#statedChunks = 0;
	#nextRecordId = 0;
	#chunks = 0;
	#lastId = 0;
	#unused = 0;
	#leftOvers = new LeftOvers();
	add(block) {
		if (!this.#isStarted) {
			this.#isStarted = true;
			if (isFileHeader(block)) return this.#readHeader(block);
		}
		this.#chunks += 1;
		return this.#readChunk(Buffer.from(block));
	}
	/**
	* What only shows at the end: blocks that hold no records (space reserved for the log and never used), and chunks the
	* header promises but the file does not have. A dirty header promises nothing.
	*/
	end() {
		const units = this.#leftOvers.release();
		if (this.#leftOvers.repeated > 0) units.push(problem("file", "repeated", `${this.#leftOvers.repeated} x`, 0));
		if (this.#unused > 0) units.push(problem("file", "unused_space", `${this.#unused} x ${CHUNK_BYTES} B`, 0));
		const missing = this.#statedChunks - this.#chunks;
		if (this.#isDirty || missing <= 0) return units;
		const lost = this.#nextRecordId - 1 - this.#lastId;
		const records = lost > 0 && lost <= missing * 2322 ? lost : 0;
		units.push(problem(`chunk ${this.#chunks + 1}`, "truncated", `${missing} x ${CHUNK_BYTES} B`, records));
		return units;
	}
	#readHeader(block) {
		const units = [];
		this.#isDirty = (u32(block, 120) & 1) !== 0;
		if (u32(block, 124) !== crc32(block.subarray(0, 120))) {
			this.#isDirty = true;
			units.push(problem("header", "header_damaged", hex(block.subarray(0, EXCERPT_BYTES)), 0));
		} else if (this.#isDirty) units.push(problem("header", "not_closed", hex(block.subarray(120, 124)), 0));
		this.#statedChunks = u16(block, 42);
		this.#nextRecordId = u64Number(block, 24);
		return units;
	}
	#readChunk(block) {
		const place = `chunk ${this.#chunks}`;
		const header = readChunkHeader(block);
		const units = [];
		if (header === void 0) {
			if (!hasRecords(block)) {
				if (!isBlank(block, 0, block.length)) this.#unused += 1;
				return units;
			}
			units.push(problem(place, "chunk_damaged", hex(block.subarray(0, EXCERPT_BYTES)), 0));
		} else if (block.length === 65536 && !(header.isHeaderSumRight && header.isDataSumRight)) units.push(problem(place, "chunk_checksum", header.isHeaderSumRight ? "records" : "header", 0));
		this.#readRecords(block, header, place, units);
		if (block.length < 65536) units.push(this.#cutChunk(block, header, place));
		return units;
	}
	#readRecords(block, header, place, units) {
		this.#reader.openChunk(block);
		const source = {
			locator: place,
			bytes: block
		};
		let overBudget = 0;
		const live = [];
		for (const span of walkRecords(block, header, this.#isDirty)) {
			if ("lost" in span) {
				if (block.length < 65536) break;
				const excerpt = hex(block.subarray(span.at, span.at + EXCERPT_BYTES));
				units.push(problem(`${place}, offset ${span.at}`, "records_missing", excerpt, span.lost));
				this.#lastId += span.lost;
				continue;
			}
			this.#lastId = span.idNumber;
			live.push(span);
			if (overBudget > 0) overBudget += 1;
			else if (!this.#readRecord(source, block, span, units)) overBudget = 1;
		}
		if (overBudget > 0) units.push(problem(place, "chunk_budget", "", overBudget));
		this.#noteLive(block, live);
		for (const span of carveRecords(block, gapsBetween(live, 512, block.length))) if (this.#leftOvers.isNew(span.id, span.writtenUs)) units.push(...this.#recover(span, place));
	}
	#noteLive(block, live) {
		let [firstId, lastId, firstUs, lastUs] = [
			Infinity,
			-Infinity,
			Infinity,
			-Infinity
		];
		for (const { at, idNumber } of live) {
			const us = filetimeToUs(u32(block, at + 16), u32(block, at + 20)) ?? 0;
			firstId = Math.min(firstId, idNumber);
			lastId = Math.max(lastId, idNumber);
			firstUs = Math.min(firstUs, us);
			lastUs = Math.max(lastUs, us);
		}
		if (live.length > 0) this.#leftOvers.noteLive(firstId, lastId, firstUs, lastUs);
	}
	/** A left-over that cannot be read is no loss: nobody counts it. */
	#recover(span, place) {
		try {
			const { event, raw, by } = this.#reader.recover(span.at + 24, span.end - 4, span.id);
			if (event.recordId === "") event.recordId = span.id;
			event.timeUs ??= span.writtenUs;
			const unit = {
				kind: "record",
				locator: `${place}, offset ${span.at}, left-over record ${span.id}`,
				event,
				raw,
				recovered: by
			};
			return this.#leftOvers.hold(unit, span.idNumber, span.writtenUs, raw.length);
		} catch (error) {
			if (!(error instanceof BrokenRecord)) throw error;
			return [];
		}
	}
	/** False when the chunk's text budget is used up; every other failure is a problem of that record alone. */
	#readRecord(source, block, span, units) {
		try {
			const event = this.#reader.read(span.at + 24, span.end - 4);
			if (event.recordId === "") event.recordId = span.id;
			event.timeUs ??= filetimeToUs(u32(block, span.at + 16), u32(block, span.at + 20)) ?? null;
			units.push(new LiveRecord(event, source, span.at));
		} catch (error) {
			if (!(error instanceof BrokenRecord)) throw error;
			if (error.reason === "budget") return false;
			const locator = source.locator + locatorInPlace(block, span.at);
			const patched = this.#patch(block, span, locator);
			if (patched !== void 0) {
				units.push(patched);
				return true;
			}
			const excerpt = `${error.reason} @ ${error.at}: ${hex(block.subarray(span.at, span.at + EXCERPT_BYTES))}`;
			units.push(problem(locator, "record_unreadable", excerpt, 1));
		}
		return true;
	}
	/** A live record whose template or names are damaged still has its values. */
	#patch(block, span, locator) {
		try {
			const { event, raw, by } = this.#reader.recover(span.at + 24, span.end - 4, span.id);
			if (event.recordId === "") event.recordId = span.id;
			event.timeUs ??= filetimeToUs(u32(block, span.at + 16), u32(block, span.at + 20)) ?? null;
			return {
				kind: "record",
				locator,
				event,
				raw,
				patched: by
			};
		} catch (error) {
			if (!(error instanceof BrokenRecord)) throw error;
			return;
		}
	}
	#cutChunk(block, header, place) {
		const isComplete = header !== void 0 && block.length >= header.freeSpaceAt;
		const lost = header === void 0 || isComplete ? 0 : header.lastRecordId - this.#lastId;
		const records = lost > 0 && lost <= 2322 ? lost : 0;
		this.#lastId += records;
		return problem(place, "truncated", `${CHUNK_BYTES - block.length} B < 540..${CHUNK_BYTES}`, records);
	}
};
function problem(locator, what, excerpt, records) {
	return {
		kind: "problem",
		locator,
		what,
		excerpt,
		records
	};
}
export { emptyWindowsEvent as a, addValue as i, readEvtx as n, eventKey as o, renderInPlace as r, saysAuditFailure as s, LiveRecord as t };
