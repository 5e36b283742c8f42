import { createHash } from 'node:crypto'
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { SaxesParser } from 'saxes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVENT_FIELD_COLUMNS } from '../../../core/export/event-shape.ts'
import { provenTechnique } from '../../../core/normalise/technique.ts'
import { sketchName } from '../../../core/export/timesketch.ts'
import type { Workbench } from '../../support/workbench.ts'
import { exported, HOSTILE, openExportCase } from './export-case.ts'

/** RFC 4180, read strictly: an independent reader in thirty lines. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = text.startsWith('\ufeff') ? 1 : 0
  while (at < text.length) {
    let value = ''
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        if (at >= text.length) throw new Error('unterminated quote')
        if (text[at] !== '"') value += text[at]
        else if (text[at + 1] === '"') {
          value += '"'
          at += 1
        } else break
      }
      at += 1
    } else {
      const end = /[,\r\n]/g
      end.lastIndex = at
      const to = end.exec(text)?.index ?? text.length
      value = text.slice(at, to)
      if (value.includes('"')) throw new Error('stray quote')
      at = to
    }
    row.push(value)
    if (text[at] === ',') at += 1
    else if (text.startsWith('\r\n', at)) {
      rows.push(row)
      row = []
      at += 2
    } else throw new Error(`unexpected ${JSON.stringify(text[at])} at ${at}`)
  }
  if (row.length > 0) throw new Error('no line end')
  return rows
}
const lines = (bytes: Buffer): Record<string, unknown>[] =>
  bytes
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

async function unzip(bytes: Buffer): Promise<Map<string, Uint8Array>> {
  const zip = new ZipReader(new BlobReader(new Blob([new Uint8Array(bytes)])))
  const files = new Map<string, Uint8Array>()
  for (const entry of await zip.getEntries())
    if (!entry.directory) files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()))
  await zip.close()
  return files
}
const textOf = (files: Map<string, Uint8Array>, name: string) =>
  Buffer.from(files.get(name) ?? new Uint8Array()).toString('utf8')

/** What a spreadsheet computes: not text, although it stands in a cell. */
const FORMULA = /^[\s\u2400-\u2421"']*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u
const isLive = (cell: string): boolean =>
  FORMULA.test(cell) && !cell.startsWith("'") && !/^-?\d+(\.\d+)?$/.test(cell)

/** Longest text of a field that the case keeps of a record of a megabyte. */
const FIELD = 32_768

let bench: Workbench
beforeAll(async () => {
  bench = await openExportCase()
}, 60_000)
afterAll(() => bench.close())

describe('tables for spreadsheets', () => {
  it.each(['events-csv', 'timesketch-csv', 'indicators-csv'])(
    '%s: every row has every column, no cell is a formula, no link can be followed',
    async (target) => {
      const { result, bytes } = await exported(bench, target)
      const [head = [], ...rows] = readCsv(bytes.toString('utf8'))
      expect(rows.filter((row) => row.length !== head.length)).toEqual([])
      if (target === 'events-csv') expect(rows.length).toBe(result.counts['events'])
      expect(rows.flat().filter(isLive)).toEqual([])
      expect(rows.flat().filter((cell) => /https?:\/\//i.test(cell))).toEqual([])
      expect(rows.flat().filter((cell) => cell.length >= FIELD).length).toBe(
        target === 'indicators-csv' ? 0 : 1,
      )
    },
  )

  it('analyst-work-csv: what an analyst wrote, or a merged case says an analyst wrote, is no formula either', async () => {
    const { rows } = await bench.client.call('event.search', { limit: 1 })
    const targets = [{ kind: 'event' as const, id: rows[0]?.id ?? '' }]
    for (const text of HOSTILE) await bench.client.call('work.mark', { targets, type: 'note', text })
    for (const value of HOSTILE.filter((text) => text.trim() !== ''))
      await bench.client.call('work.mark', { targets, type: 'tag', value })
    const { result, bytes } = await exported(bench, 'analyst-work-csv')
    const [head = [], ...table] = readCsv(bytes.toString('utf8'))
    expect(table.length).toBe(result.rows)
    expect(table.length).toBeGreaterThanOrEqual(HOSTILE.length * 2 - 2)
    expect(table.filter((row) => row.length !== head.length)).toEqual([])
    expect(table.flat().filter(isLive)).toEqual([])
  })

  it('keeps what was in a field: without the apostrophe and with the signs undone it is the same', async () => {
    const { bytes } = await exported(bench, 'events-csv', { live: true })
    const [head = [], ...rows] = readCsv(bytes.toString('utf8'))
    const column = head.indexOf('process.command_line')
    const back = (cell: string) =>
      (FORMULA.test(cell.slice(1)) && cell.startsWith("'") ? cell.slice(1) : cell)
        .replace(/[\u2400-\u241f]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x2400))
        .replace(/\[U\+([0-9A-F]{4})\]/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    const found = new Set(rows.map((row) => back(row[column] ?? '')))
    // The importer itself trims and makes half characters whole; what the case keeps is what counts.
    const kept = new Set(
      lines((await exported(bench, 'events-jsonl')).bytes).map(
        (event) => (event['fields'] as Record<string, string>)['process.command_line'] ?? '',
      ),
    )
    expect(kept.size).toBeGreaterThanOrEqual(HOSTILE.length)
    expect([...kept].filter((text) => !found.has(text))).toEqual([])
  })
})

describe('indicators', () => {
  it('hold what packs rate, with hosts where the pack means the host, defanged unless asked otherwise', async () => {
    const quiet = (await exported(bench, 'indicators-plain')).bytes.toString('utf8')
    expect(quiet.trimEnd().split('\n').sort()).toMatchInlineSnapshot(`
      [
        "203[.]0[.]113[.]9",
        "bad[.]example",
        "cdn[.]worse[.]example",
        "e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1",
        "e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2",
        "hxxp://203[.]0[.]113[.]9/z",
        "hxxp://bad[.]example/q",
        "hxxps://cdn[.]worse[.]example/k",
        "hxxps://evil[.]example/a.b?x=1",
        "worse[.]example",
      ]
    `)
    const { result, bytes } = await exported(bench, 'indicators-plain', { live: true })
    expect(result.isLive).toBe(true)
    expect(bytes.toString('utf8')).toContain('https://evil.example/a.b?x=1\n')
    const log = await bench.client.call('audit.list', { limit: 1000 })
    expect(log.rows.at(-1)?.details).toMatchObject({ addresses: 'live' })
  })

  it('are in MISP with types, categories and marks of detection, as strings where MISP wants strings', async () => {
    const { Event } = JSON.parse((await exported(bench, 'misp')).bytes.toString('utf8')) as {
      Event: Record<string, unknown> & { Attribute: Record<string, unknown>[] }
    }
    expect(Event).toMatchObject({
      published: false,
      distribution: '0',
      threat_level_id: '4',
      analysis: '1',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
      timestamp: expect.stringMatching(/^\d+$/) as string,
      uuid: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ) as string,
    })
    expect(
      Event.Attribute.map(({ type, category, to_ids, value }) =>
        [type, category, to_ids, value].join(' '),
      ).sort(),
    ).toMatchInlineSnapshot(`
      [
        "domain Network activity false cdn.worse.example",
        "domain Network activity true bad.example",
        "domain Network activity true worse.example",
        "filename|md5 Payload delivery false q.exe|e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2",
        "filename|sha256 Payload delivery false q.exe|e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1",
        "ip-dst Network activity false 203.0.113.9",
        "target-machine Targeting data false WS01",
        "target-user Targeting data false CORP\\amber",
        "url Network activity false http://203.0.113.9/z",
        "url Network activity true http://bad.example/q",
        "url Network activity true https://cdn.worse.example/k",
        "url Network activity true https://evil.example/a.b?x=1",
      ]
    `)
    const ids = Event.Attribute.map(({ uuid }) => uuid)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('lines for programs', () => {
  it('events-jsonl holds each hostile field exactly as the case keeps it', async () => {
    const events = lines((await exported(bench, 'events-jsonl')).bytes)
    const screen = await bench.client.call('event.search', { limit: 1000 })
    expect(events.map(({ id, at, fields }) => ({ id, at, fields }))).toEqual(
      screen.rows.map(({ id, at, fields }) => ({ id, at, fields })),
    )
  })

  it('timesketch has its four fields, no event without a time, and no two columns of one name', async () => {
    const rows = lines((await exported(bench, 'timesketch-jsonl')).bytes)
    expect(rows.length).toBeGreaterThan(20)
    for (const row of rows) {
      expect(row['message']).toEqual(expect.stringMatching(/\S/))
      expect(row['datetime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)
      expect(row['timestamp_desc']).toEqual(expect.stringMatching(/\S/))
      const [ms, micro] = [Date.parse(String(row['datetime'])), Number(String(row['datetime']).slice(20, 26))]
      expect(row['timestamp']).toBe(Math.floor(ms / 1000) * 1e6 + micro)
    }
    const names = EVENT_FIELD_COLUMNS.map(({ name }) => sketchName(name))
    const own = [
      'message',
      'datetime',
      'timestamp',
      'timestamp_desc',
      'endpoint',
      'user',
      'evidence_id',
      'record',
      'locator',
    ]
    expect(new Set([...names, ...own]).size).toBe(names.length + own.length)
  })

  it('opensearch: action and document in turn, ids once, no field that is a part of another', async () => {
    const { bytes, result } = await exported(bench, 'opensearch-bulk')
    expect(bytes.at(-1)).toBe(10)
    const rows = lines(bytes)
    const actions = rows.filter((_, at) => at % 2 === 0) as { index: { _index: string; _id: string } }[]
    const documents = rows.filter((_, at) => at % 2 === 1)
    expect(actions.length).toBe(result.rows)
    expect(new Set(actions.map(({ index }) => `${index._index} ${index._id}`)).size).toBe(actions.length)
    for (const row of documents) expect(typeof row['redthread.case']).toBe('string')
    const names = [...new Set(documents.flatMap((row) => Object.keys(row)))]
    const events = names.filter((name) => !['email.from.address', 'email.to.address'].includes(name))
    expect(events.filter((name) => events.some((other) => other.startsWith(`${name}.`)))).toEqual([])
  })

  it('audit: the chain can be recomputed from the file alone', async () => {
    const rows = lines((await exported(bench, 'audit-jsonl')).bytes)
    let previous = '0'.repeat(64)
    for (const row of rows) {
      const text = JSON.stringify([
        row['seq'],
        row['atUs'],
        row['actor'],
        row['action'],
        row['details'],
        row['evidence_id'],
        previous,
      ])
      expect(row['previous']).toBe(previous)
      expect(createHash('sha256').update(text).digest('hex')).toBe(row['hash'])
      previous = String(row['hash'])
    }
    expect(rows.length).toBeGreaterThan(5)
  })
})

describe('parquet, read by another library', () => {
  it('holds the same events, messages, entities and relations as the screens', async () => {
    const { bytes, result } = await exported(bench, 'parquet')
    const files = await unzip(bytes)
    expect([...files.keys()]).toEqual([
      'events.parquet',
      'messages.parquet',
      'entities.parquet',
      'detections.parquet',
      'relations.parquet',
    ])
    const read = async (name: string) => {
      const file = (files.get(`${name}.parquet`) ?? new Uint8Array()).slice().buffer
      expect(Number(parquetMetadata(file).num_rows)).toBe(result.counts[name])
      return (await parquetReadObjects({ file })) as Record<string, unknown>[]
    }
    const events = await read('events')
    const { rows } = await bench.client.call('event.search', { limit: 1000 })
    expect(
      events.map((row) => [
        String(row['id']),
        (row['occurred_at'] as Date).toISOString(),
        row['process_command_line'] ?? null,
      ]),
    ).toEqual(
      rows.map((row) => [
        row.id,
        new Date(row.at ?? 0).toISOString(),
        row.fields['process.command_line'] ?? null,
      ]),
    )
    const [message] = await read('messages')
    expect(message).toMatchObject({ subject: '=1+1 Ihre Sendung', from_address: 'parcel@lure.example' })
    expect(message?.['urls']).toContain('https://evil.example/a.b?x=1')
    const entities = await read('entities')
    const known = (await bench.client.call('entity.search', { limit: 1000 })).rows
    expect(entities.map((row) => [String(row['id']), row['kind'], row['name']])).toEqual(
      known.map(({ id, kind, name }) => [id, kind, name]),
    )
    const detections = await read('detections')
    expect(detections.every((row) => typeof row['rule'] === 'string' && Number(row['confidence']) > 0)).toBe(
      true,
    )
    const relations = await read('relations')
    const links = (await bench.client.call('relation.list', { limit: 1000 })).rows
    expect(
      new Set(
        relations.map((row) => `${String(row['id'])} ${String(row['kind'])} ${String(row['confidence'])}`),
      ),
    ).toEqual(new Set(links.map(({ id, kind, confidence }) => `${id} ${kind} ${confidence}`)))
  })
})

describe('graphs', () => {
  it('neo4j: every relation ends at nodes of the file, types and labels are names of Cypher', async () => {
    const files = await unzip((await exported(bench, 'neo4j-csv')).bytes)
    const [nodeHead = [], ...nodes] = readCsv(textOf(files, 'nodes.csv'))
    const [head = [], ...links] = readCsv(textOf(files, 'relations.csv'))
    expect(nodeHead[0]).toBe('id:ID')
    const ids = new Set(nodes.map(([id]) => id))
    const [from, to, type] = [':START_ID', ':END_ID', ':TYPE'].map((name) => head.indexOf(name)) as [
      number,
      number,
      number,
    ]
    expect(links.length).toBeGreaterThan(10)
    for (const row of links) {
      expect(ids.has(row[from]) && ids.has(row[to])).toBe(true)
      expect(row[type]).toMatch(/^[A-Z][A-Z_]*$/)
    }
    expect(nodes.every((row) => /^[A-Z][A-Za-z]*;Entity$/.test(row.at(-1) ?? ''))).toBe(true)
    expect([...nodes, ...links].flat().filter(isLive)).toEqual([])
  })

  it('bloodhound: the shape of OpenGraph; every edge ends at a node, ids are there once', async () => {
    const { graph, metadata } = JSON.parse(
      (await exported(bench, 'bloodhound-opengraph')).bytes.toString('utf8'),
    ) as {
      metadata: unknown
      graph: {
        nodes: { id: string; kinds: string[]; properties: Record<string, unknown> }[]
        edges: {
          kind: string
          start: { value: string; match_by: string }
          end: { value: string; match_by: string }
        }[]
      }
    }
    expect(metadata).toEqual({ source_kind: 'Redthread' })
    const ids = new Set(graph.nodes.map(({ id }) => id))
    expect(ids.size).toBe(graph.nodes.length)
    for (const { kinds, properties } of graph.nodes) {
      expect(kinds.length).toBeLessThanOrEqual(3)
      for (const [name, value] of Object.entries(properties)) {
        expect(name).toBe(name.toLowerCase())
        const parts = Array.isArray(value) ? (value as unknown[]) : [value]
        expect(new Set(parts.map((part) => typeof part)).size).toBe(1)
        expect(['string', 'number', 'boolean']).toContain(typeof parts[0])
      }
    }
    expect(graph.edges.length).toBeGreaterThan(10)
    for (const { kind, start, end } of graph.edges) {
      expect(kind).toMatch(/^[A-Za-z0-9_]+$/)
      expect([start.match_by, end.match_by]).toEqual(['id', 'id'])
      expect(ids.has(start.value) && ids.has(end.value)).toBe(true)
    }
  })

  it('graphml: well-formed for a strict XML parser, text as it was', async () => {
    const text = (await exported(bench, 'graphml')).bytes.toString('utf8')
    const seen: { name: string; attributes: Record<string, string>; text: string }[] = []
    const open: (typeof seen)[number][] = []
    const parser = new SaxesParser({ xmlns: false })
    parser.on('error', (cause) => {
      throw cause
    })
    parser.on('opentag', ({ name, attributes }) => {
      const element = { name, attributes, text: '' }
      seen.push(element)
      open.push(element)
    })
    parser.on('text', (part) => {
      const element = open.at(-1)
      if (element) element.text += part
    })
    parser.on('closetag', () => void open.pop())
    parser.write(text).close()
    const all = (name: string) => seen.filter((element) => element.name === name)
    const { rows } = await bench.client.call('entity.search', { limit: 1000 })
    expect(
      all('data')
        .filter(({ attributes }) => attributes['key'] === 'node_name')
        .map((data) => data.text),
    ).toEqual(rows.map(({ name }) => name).filter((name) => name !== ''))
    expect(all('edge').length).toBe((await bench.client.call('relation.list', { limit: 1 })).total)
    const declared = new Set(all('key').map(({ attributes }) => attributes['id']))
    expect(all('data').filter(({ attributes }) => !declared.has(attributes['key']))).toEqual([])
  })

  it('case-uco: every id stands once, every reference leads to something', async () => {
    const text = (await exported(bench, 'case-uco')).bytes.toString('utf8')
    const { '@context': context, '@graph': graph } = JSON.parse(text) as {
      '@context': Record<string, string>
      '@graph': Record<string, unknown>[]
    }
    const ids: string[] = []
    const refs: string[] = []
    const prefixes = new Set<string>()
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) return value.forEach(walk)
      if (typeof value !== 'object' || value === null) return
      const keys = Object.keys(value)
      const id = (value as { '@id'?: string })['@id']
      if (id !== undefined) (keys.length === 1 ? refs : ids).push(id)
      for (const [key, part] of Object.entries(value)) {
        if (!key.startsWith('@')) prefixes.add(key.split(':')[0] ?? '')
        if (key === '@type') prefixes.add(String(part).split(':')[0] ?? '')
        walk(part)
      }
    }
    walk(graph)
    expect(new Set(ids).size).toBe(ids.length)
    expect(refs.filter((id) => !ids.includes(id))).toEqual([])
    expect([...prefixes].filter((prefix) => !Object.hasOwn(context, prefix))).toEqual([])
    expect(text).toContain('https://evil.example/a.b?x=1')
  })

  it('navigator: a layer with the fields its format asks for', async () => {
    const layer = JSON.parse((await exported(bench, 'attack-navigator')).bytes.toString('utf8')) as {
      techniques: { techniqueID: string; score?: number; comment: string; enabled: boolean }[]
    }
    expect(layer).toMatchObject({ name: 'test', domain: 'enterprise-attack', versions: { layer: '4.5' } })
    expect(layer.techniques.length).toBeGreaterThan(0)
    for (const { techniqueID, score, comment, enabled } of layer.techniques) {
      expect(techniqueID).toMatch(/^T\d{4}(\.\d{3})?$/)
      // What a rule may stand for, among others, is not counted and switched off.
      expect(enabled).toBe(score !== undefined)
      if (score === undefined) expect(comment).toMatch(/^not proven: /)
      else expect(score).toBeGreaterThan(0)
    }
  })

  it.each([
    [['T1059.001'], 'T1059.001'],
    [['T1021', 'T1021.001', 'T1021.002'], 'T1021'],
    [['T1566.001', 'T1566.002'], 'T1566'],
    [['T1105', 'T1197'], undefined],
    [[], undefined],
  ])('a rule that stands for %j proves %s', (attack, technique) => {
    expect(provenTechnique(attack)).toBe(technique)
  })
})
