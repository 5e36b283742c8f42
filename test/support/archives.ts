import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import { pack } from 'tar-stream'
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

/** A ZIP by yazl whose names are these bytes, and nothing says in which code page: as Windows writes them. */
export async function zipNamed(members: readonly (readonly [Uint8Array, string])[]): Promise<Buffer> {
  const zip = await zipOf(
    members.map(([name, content], index) => [String(index).repeat(name.length), content] as const),
  )
  for (const [index, [name]] of members.entries()) {
    const stand = Buffer.from(String(index).repeat(name.length))
    for (const [mark, flagsAt, nameAt] of [
      [LOCAL, 6, 30],
      [CENTRAL, 8, 46],
    ] as const)
      for (let at = zip.indexOf(mark); at !== -1; at = zip.indexOf(mark, at + 1)) {
        const own = zip.subarray(at + nameAt, at + nameAt + name.length)
        if (!own.equals(stand)) continue
        own.set(name)
        zip.writeUInt16LE(zip.readUInt16LE(at + flagsAt) & ~IS_UTF8, at + flagsAt)
      }
  }
  return zip
}
const LOCAL = Buffer.from('PK\x03\x04', 'latin1')
const CENTRAL = Buffer.from('PK\x01\x02', 'latin1')
const IS_UTF8 = 0x800

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

/** What a tar header may say. */
interface TarHeader {
  name: string
  type?: 'file' | 'symlink' | 'link' | 'directory'
  linkname?: string
  pax?: Record<string, string>
}

/** A tar by tar-stream of plain files. */
export const tarOf = (files: Files): Promise<Buffer> =>
  tarWith(Object.entries(files).map(([name, content]) => [{ name }, content]))

/** A tar by tar-stream with headers of any kind; a file without content has to be given an empty one. */
export async function tarWith(
  entries: readonly (readonly [TarHeader, (string | Uint8Array)?])[],
): Promise<Buffer> {
  const archive = pack()
  for (const [header, content] of entries)
    if (content === undefined) archive.entry(header)
    else archive.entry(header, bytesOf(content))
  archive.finalize()
  return collect(archive as AsyncIterable<Uint8Array>)
}
