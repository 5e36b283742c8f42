import { readFileSync } from 'node:fs'
import type { DirectoryItem } from '../../../core/model/directory.ts'
import type { MessageItem } from '../../../core/model/message.ts'
import type {
  DetectInput,
  Importer,
  ParsedIssue,
  ParsedRecord,
  ParsedUnit,
  PartSource,
} from '../../../core/importers/importer.ts'

/** Bytes of a fixture under test/fixtures. */
export const fixture = (path: string): Buffer =>
  readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))

/** A part over bytes in memory, handed out in chunks of the given size; every chunk is wiped after use, as a stream may. */
export function partOf(content: string | Uint8Array, chunkSize = 65_536, name = 'part'): PartSource {
  const bytes = Buffer.from(content)
  return {
    name,
    size: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += chunkSize) {
        const chunk = Buffer.from(bytes.subarray(at, at + chunkSize))
        yield chunk
        chunk.fill(0x23)
      }
    },
  }
}

export async function readUnits(
  importer: Importer,
  content: string | Uint8Array,
  chunkSize?: number,
  zone = 'UTC',
): Promise<ParsedUnit[]> {
  const units: ParsedUnit[] = []
  for await (const batch of importer.parse(partOf(content, chunkSize), {
    dateOrder: null,
    mapping: null,
    zone,
  }))
    units.push(...batch)
  return units
}

export const recordsOf = (units: readonly ParsedUnit[]): ParsedRecord[] =>
  units.filter((unit) => unit.kind === 'record')
export const issuesOf = (units: readonly ParsedUnit[]): ParsedIssue[] =>
  units.filter((unit) => unit.kind === 'issue')
/** Codes of everything odd: issue units and remarks on records. */
export const codesOf = (units: readonly ParsedUnit[]): string[] =>
  units.flatMap((unit) =>
    unit.kind === 'heading'
      ? []
      : unit.kind === 'issue'
        ? [unit.code]
        : (unit.issues ?? []).map((issue) => issue.code),
  )

export const messagesOf = (units: readonly ParsedUnit[]): MessageItem[] =>
  recordsOf(units).flatMap((record) => record.items.filter((item) => item.type === 'message'))
export const directoryOf = (units: readonly ParsedUnit[]): DirectoryItem[] =>
  recordsOf(units).flatMap((record) => record.items.filter((item) => item.type === 'directory'))

/** The only message of an importer's answer. */
export async function readMessage(
  importer: Importer,
  content: string | Uint8Array,
  zone?: string,
): Promise<MessageItem> {
  const [message] = messagesOf(await readUnits(importer, content, undefined, zone))
  if (message === undefined) throw new Error('no message was read')
  return message
}

export function detectInput(content: string | Uint8Array, name = 'file'): DetectInput {
  const head = Buffer.from(content).subarray(0, 65_536)
  const text = head[0] === 0xff && head[1] === 0xfe ? head.toString('utf16le', 2) : head.toString('utf8')
  return { name, head, size: Buffer.byteLength(content), text }
}

/** `right from -> to` of all edges, sorted. */
export const edgesOf = (item: DirectoryItem | undefined): string[] =>
  (item?.edges ?? []).map((edge) => `${edge.right} ${edge.from} -> ${edge.to}`).sort()
