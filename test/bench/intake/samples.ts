import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import yauzl from 'yauzl'

/** Files below a folder whose name ends so. */
export function listFiles(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name))
}

/** Windows events as NXLog writes them (OTRF Security-Datasets): lines of JSON files, also inside ZIP files. */
export async function jsonLines(folder: string): Promise<string[]> {
  const texts = listFiles(folder, '.jsonl').map((path) => readFileSync(path, 'utf8'))
  for (const path of listFiles(folder, '.zip')) texts.push(...(await jsonMembers(path)))
  return texts.flatMap((text) => text.split('\n').filter(isEvent))
}

const isEvent = (line: string) =>
  line.startsWith('{') && line.includes('"RecordNumber":') && line.includes('"Channel":')

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)

async function jsonMembers(path: string): Promise<string[]> {
  const zip = await openZip(path, { lazyEntries: true, autoClose: true })
  const openMember = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))
  const texts: string[] = []
  await new Promise<void>((resolve, reject) => {
    zip.on('end', resolve)
    zip.on('error', reject)
    zip.on('entry', (entry: yauzl.Entry) => {
      const read = entry.fileName.endsWith('.json') ? openMember(entry).then(textOf) : Promise.resolve('')
      read.then((text) => {
        texts.push(text)
        zip.readEntry()
      }, reject)
    })
    zip.readEntry()
  })
  return texts
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString('utf8')
}
