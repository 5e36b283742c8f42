import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import { pack, type Header } from 'tar-stream'
import { ZipFile } from 'yazl'

type Files = Readonly<Record<string, string | Uint8Array>>

const bytesOf = (content: string | Uint8Array): Buffer => Buffer.from(content as Uint8Array)
async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A ZIP by yazl. */
export async function zipOf(
  files: Files | readonly (readonly [string, string | Uint8Array])[],
): Promise<Buffer> {
  const archive = new ZipFile()
  for (const [name, content] of isList(files) ? files : Object.entries(files))
    archive.addBuffer(bytesOf(content), name)
  archive.end()
  return collect(archive.outputStream as AsyncIterable<Uint8Array>)
}
const isList = (files: object): files is readonly (readonly [string, string | Uint8Array])[] =>
  Array.isArray(files)

/** A locked ZIP by zip.js: the traditional cipher, or AES with 128, 192 or 256 bits. */
export async function lockedZip(
  files: Files,
  password: string,
  cipher: 'traditional' | 1 | 2 | 3,
  level = 6,
): Promise<Buffer> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    password,
    level,
    useWebWorkers: false,
    ...(cipher === 'traditional' ? { zipCrypto: true } : { encryptionStrength: cipher }),
  })
  for (const [name, content] of Object.entries(files))
    await writer.add(name, new Uint8ArrayReader(bytesOf(content)))
  return Buffer.from(await writer.close())
}

/** A tar by tar-stream, with headers of any kind. */
export async function tarOf(
  entries: readonly (readonly [Header, (string | Uint8Array)?])[] | Files,
): Promise<Buffer> {
  const archive = pack()
  const list: readonly (readonly [Header, (string | Uint8Array)?])[] = isEntries(entries)
    ? entries
    : Object.entries(entries).map(([name, content]) => [{ name }, content] as const)
  for (const [header, content] of list)
    if (content === undefined) archive.entry(header)
    else archive.entry(header, bytesOf(content))
  archive.finalize()
  return collect(archive as AsyncIterable<Uint8Array>)
}
const isEntries = (entries: object): entries is readonly (readonly [Header, (string | Uint8Array)?])[] =>
  Array.isArray(entries)
