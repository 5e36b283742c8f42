/** The npm package `@ts-evtx/core`, asked for the XML of every record; its folder and the file are the arguments. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

interface TsEvtx {
  readonly EvtxFile: {
    open(path: string): Promise<{ records(): Iterable<{ renderXml(): string }> }>
  }
}
const [, , modules = '', path = ''] = process.argv
const entry = pathToFileURL(join(modules, '@ts-evtx', 'core', 'dist', 'index.js'))
const { EvtxFile } = (await import(entry.href)) as TsEvtx
let records = 0
let characters = 0
for (const record of (await EvtxFile.open(path)).records()) {
  characters += record.renderXml().length
  records += 1
}
process.stdout.write(`${records} ${characters}`)
