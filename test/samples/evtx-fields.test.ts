import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type EvtxUnit, readEvtx } from '../../core/importers/evtx/read-evtx.ts'
import { parseEventXml } from '../../core/importers/windows/event-xml.ts'
import type { WindowsEvent } from '../../core/importers/windows/windows-event.ts'
import { parseXmlTree, type XmlElement } from '../../core/importers/windows/xml-tree.ts'
import { EventSplitter } from '../../core/importers/windows/xml-split.ts'
import { readManifest, samplesFolder } from './samples.ts'

/**
 * Every field of every EVTX record of the sample evidence, held against `evtxexport -f xml` (Debian package
 * libevtx-utils). Each difference has to be one of the named kinds below.
 */
const hasSamples = existsSync(join(samplesFolder, 'MANIFEST.tsv'))
const hasOther = spawnSync('evtxexport', ['-V']).status === 0
const missing = [hasSamples ? [] : ['sample evidence'], hasOther ? [] : ['evtxexport (libevtx-utils)']].flat()
if (missing.length > 0)
  console.log(`SKIPPED: EVTX fields against evtxexport: no ${missing.join(', no ')} here`)

/** Paths with values: `Event.System.Provider@Name`, `Event.EventData.TargetUserName`. */
type Fields = Map<string, string>

function put(fields: Fields, path: string, value: string): void {
  let name = path
  for (let count = 2; fields.has(name); count++) name = `${path}_${count}`
  fields.set(name, value)
}
function addXml(fields: Fields, element: XmlElement, parent: string): void {
  const named = element.name === 'Data' ? element.attributes.get('Name') : undefined
  const path = `${parent}${named ?? element.name}`
  for (const [name, value] of element.attributes)
    if (named === undefined || name !== 'Name') put(fields, `${path}@${name}`, value)
  const inner = element.children.filter((child) => typeof child !== 'string')
  if (inner.length === 0) put(fields, path, element.children.join(''))
  for (const child of inner) addXml(fields, child, `${path}.`)
}
function addJson(fields: Fields, value: unknown, path: string): void {
  if (Array.isArray(value)) for (const item of value) addJson(fields, item, path)
  else if (typeof value !== 'object' || value === null) put(fields, path, value === null ? '' : String(value))
  else {
    const members = Object.entries(value)
    for (const [name, inner] of members) {
      if (name === '#attributes')
        for (const [attribute, text] of Object.entries(inner as object))
          addJson(fields, text, `${path}@${attribute}`)
      else addJson(fields, inner, name === '#text' ? path : path === '' ? name : `${path}.${name}`)
    }
    if (path !== '' && members.every(([name]) => name === '#attributes')) put(fields, path, '')
  }
}

function addFlat(fields: Fields, event: WindowsEvent | undefined): void {
  for (const [name, value] of Object.entries(event ?? {}))
    if (name !== 'data') put(fields, `flat ${name}`, String(value))
  for (const [name, value] of event?.data ?? []) put(fields, `flat data ${name}`, value)
}

const HEX = /^0x[0-9a-f]{1,16}$/i
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{1,9})Z$/
/** Why the two write a value differently; undefined when no known reason explains it. */
function difference(ours: string | undefined, theirs: string | undefined): string | undefined {
  if (ours === undefined || theirs === undefined) return undefined
  // Windows writes 0x3e7; evtxexport fills up to the width of the type.
  if (HEX.test(ours) && HEX.test(theirs) && BigInt(ours) === BigInt(theirs))
    return 'width of hexadecimal numbers'
  // A FILETIME counts 100 ns: seven digits; evtxexport adds two zeros.
  const [a, b] = [TIME.exec(ours), TIME.exec(theirs)]
  if (a !== null && b !== null && a[1] === b[1] && a[2]!.padEnd(9, '0') === b[2]!.padEnd(9, '0'))
    return 'digits of times'
  // Zero means "never", not the year 1601 [MS-DTYP 2.3.3].
  if (ours === '0' && theirs === '1601-01-01T00:00:00.000000000Z') return 'time zero'
  return undefined
}

interface Comparison {
  readonly compared: number
  readonly reasons: ReadonlyMap<string, number>
  readonly unexplained: readonly string[]
  /** The message with which evtxexport gave up, if it did. */
  readonly stopped: string | undefined
  readonly ourRecords: number
  readonly theirRecords: number
}

async function compare(path: string): Promise<Comparison> {
  const ours = await liveRecords(path)
  const other = spawnSync('evtxexport', ['-f', 'xml', path], { maxBuffer: 1 << 30 })
  const splitter = new EventSplitter()
  const theirs = [...splitter.feed(other.stdout), ...splitter.end()].map((slice) =>
    slice.bytes.toString('utf8'),
  )
  const reasons = new Map<string, number>()
  const unexplained: string[] = []
  for (const [index, xml] of theirs.entries()) {
    const unit = ours[index]
    const { root } = parseXmlTree(xml)
    if (unit === undefined || root === undefined) {
      unexplained.push(`record ${index + 1}: only one has it`)
      continue
    }
    const [left, right]: [Fields, Fields] = [new Map(), new Map()]
    addJson(left, JSON.parse(unit.raw), '')
    addXml(right, root, '')
    // The flat event that the tables see, out of either.
    addFlat(left, unit.event)
    addFlat(right, parseEventXml(xml))
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      if (left.get(name) === right.get(name)) continue
      const reason = difference(left.get(name), right.get(name))
      if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      else unexplained.push(`${unit.locator} ${name}: ${left.get(name)} | ${right.get(name)}`)
    }
  }
  const stopped =
    other.status === 0 ? undefined : /unsupported type: 0x[0-9a-f]+/.exec(other.stderr.toString())?.[0]
  return {
    compared: Math.min(ours.length, theirs.length),
    reasons,
    unexplained,
    stopped: other.status === 0 ? undefined : (stopped ?? 'another error'),
    ourRecords: ours.length,
    theirRecords: theirs.length,
  }
}

async function liveRecords(path: string): Promise<(EvtxUnit & { kind: 'record' })[]> {
  const records: (EvtxUnit & { kind: 'record' })[] = []
  for await (const units of readEvtx(createReadStream(path)))
    for (const unit of units) if (unit.kind === 'record' && unit.recovered === undefined) records.push(unit)
  return records
}

describe.runIf(missing.length === 0)('EVTX fields against evtxexport', () => {
  const files = hasSamples ? readManifest().filter(({ format }) => format === 'evtx') : []
  const totals = new Map<string, number>()

  it.each(files.map(({ path }) => path))('explains every difference in %s', async (path) => {
    const found = await compare(join(samplesFolder, path))
    expect(found.unexplained).toEqual([])
    if (found.stopped === undefined) expect(found.ourRecords).toBe(found.theirRecords)
    else {
      // It gives up on the whole file at a value it does not know; we have to have read it.
      expect(found.stopped).toMatch(/^unsupported type/)
      expect(found.ourRecords).toBeGreaterThan(found.theirRecords)
      totals.set(
        'records only we read',
        (totals.get('records only we read') ?? 0) + found.ourRecords - found.theirRecords,
      )
    }
    totals.set('records', (totals.get('records') ?? 0) + found.compared)
    for (const [reason, count] of found.reasons) totals.set(reason, (totals.get(reason) ?? 0) + count)
  })

  it('has compared something', () => {
    console.log(
      `EVTX fields against evtxexport: ${JSON.stringify(Object.fromEntries(totals))}, 0 unexplained`,
    )
    expect(totals.get('records')).toBeGreaterThan(0)
  })
})
