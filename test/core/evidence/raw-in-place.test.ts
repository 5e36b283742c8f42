import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import evtx from '../../../core/importers/evtx.importer.ts'
import { openForReading } from '../../../core/store/case-file.ts'
import { renderRaw } from '../../../core/store/raw-forms.ts'
import { RawReader, type StoredRaw } from '../../../core/store/raw.ts'
import { makeZip } from '../../support/make-zip.ts'
import { fixture, parseAll, partOf } from '../../support/parse.ts'
import { Workbench } from '../../support/workbench.ts'

const FIXTURES = readdirSync('test/fixtures/evtx').sort()

describe('records that are kept in the bytes they stand in', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  const rawOf = (evidence: number, count: number): (StoredRaw | undefined)[] => {
    const { db, close } = openForReading(bench.casePath)
    const reader = new RawReader(db)
    const found = Array.from({ length: count }, (_, index) => reader.find(evidence, index + 1))
    close()
    return found
  }

  it.each(FIXTURES)('are shown as they were parsed: %s', async (name) => {
    const bytes = fixture(`evtx/${name}`)
    const units = await parseAll(evtx, partOf(name, bytes))
    const expected = units.flatMap((unit) =>
      unit.kind === 'record' ? [{ locator: unit.locator, raw: unit.raw, truncated: false }] : [],
    )
    await bench.import(bench.file(name, bytes))
    expect(rawOf(1, expected.length + 1)).toEqual([...expected, undefined])
  })

  it('carry the path inside an archive in their locator', async () => {
    const log = fixture('evtx/good-every-event.evtx')
    await bench.import(bench.file('a.zip', makeZip({ 'logs/one.evtx': log })))
    const [first] = rawOf(1, 1)
    expect(first?.locator).toMatch(/^logs\/one\.evtx.*chunk 1, record \d+$/)
    expect(JSON.parse(first?.raw ?? '')).toHaveProperty('Event.System')
  })

  it('of a forged case are empty, cut or garbled, and never more than that', () => {
    const chunk = Buffer.from(fixture('evtx/good-every-event.evtx').subarray(4096, 4096 + 65_536))
    const whole = renderRaw('evtx', chunk, 512)
    expect(whole).toMatchObject({ isWhole: true })
    for (const at of [0, 1, 511, 65_530, 65_536, 4_294_967_295])
      expect(renderRaw('evtx', chunk, at)).toMatchObject({ isWhole: false })
    for (let flip = 512; flip < 700; flip++) {
      const damaged = Buffer.from(chunk)
      damaged[flip] = 0xff - damaged[flip]!
      expect(typeof renderRaw('evtx', damaged, 512).raw).toBe('string')
    }
    expect(renderRaw('no-such-form', chunk, 512)).toEqual({ locator: '', raw: '', isWhole: false })
  })
})
