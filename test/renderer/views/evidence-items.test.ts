import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { EvidenceRow } from '../../../core/contract/nouns/evidence.ts'
import EvidenceItems from '../../../renderer/views/evidence/evidence-items.vue'
import { pickEvidence } from '../../../renderer/views/evidence/pick-evidence.ts'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const file = (name: string, more: Partial<EvidenceRow> = {}): EvidenceRow => ({
  ...{
    id: name,
    name,
    path: `/ev/${name}`,
    sha256: 'cd'.repeat(32),
    bytes: 100,
    bytesRead: 100,
    format: 'evtx',
  },
  ...{ confidence: 1, zone: 'UTC', zoneAssumed: false, read: 10, stored: 10, duplicate: 0, rejected: 0 },
  ...{ events: 10, messages: 0, directoryObjects: 0, issues: [], status: 'done', error: null, seconds: 1 },
  ...{ importedAt: '2026-03-01T00:00:00.000000Z', firstAt: null, lastAt: null, stale: false },
  ...more,
})
const ROWS = [
  file('b.evtx'),
  file('a.eml', { format: 'eml', bytes: 900, bytesRead: 900 }),
  file('torn.evtx', { bytesRead: 40 }),
  file('odd.csv', { stored: 7, rejected: 3, status: 'done-with-rejects', path: '/ev/dc01/odd.csv' }),
  file('slow.evtx', { status: 'cancelled', sha256: 'ab'.repeat(32) }),
]
const picked = (choice: Partial<Parameters<typeof pickEvidence>[1]>): string[] =>
  pickEvidence(
    ROWS,
    { text: '', onlyLoss: false, order: 'imported', ...choice },
    (id) => (id === 'eml' ? 'Mail message' : id),
    (a, b) => a.localeCompare(b),
  ).map(({ name }) => name)

describe('evidence that somebody looks for', () => {
  it.each([
    ['name', 'B.EV', ['b.evtx']],
    ['folder', 'dc01', ['odd.csv']],
    ['words of its format', 'mail mess', ['a.eml']],
    ['hash', 'abab', ['slow.evtx']],
    ['nothing that is there', 'zzz', []],
  ])('is found by its %s', (_what, text, found) => expect(picked({ text })).toEqual(found))

  it('is what lost something, when that is asked for', () => {
    expect(picked({ onlyLoss: true })).toEqual(['torn.evtx', 'odd.csv', 'slow.evtx'])
  })

  it('comes in the order asked for', () => {
    expect(picked({ order: 'name' })[0]).toBe('a.eml')
    expect(picked({ order: 'size' })[0]).toBe('a.eml')
    expect(picked({ order: 'rejected' })[0]).toBe('odd.csv')
    expect(picked({})).toEqual(ROWS.map(({ name }) => name))
  })
})

describe('the list of evidence', () => {
  const formats = { 'evidence.formats': [] }
  it('offers no search where everything is seen at once', async () => {
    const { view } = await mountView(EvidenceItems, {
      engine: fakeEngine(formats),
      props: { rows: ROWS, isCutOff: false },
    })
    expect(view.find('input[type="search"]').exists()).toBe(false)
    expect(view.findAll('tbody tr')).toHaveLength(ROWS.length)
  })

  it('is narrowed with its sums, and says when nothing fits', async () => {
    const rows = [...ROWS, ...Array.from({ length: 9 }, (_, index) => file(`more-${index}.evtx`))]
    const { view } = await mountView(EvidenceItems, {
      engine: fakeEngine(formats),
      props: { rows, isCutOff: false },
    })
    const search = view.find('input[type="search"]')
    await search.setValue('odd')
    await search.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(view.findAll('tbody tr').map((row) => row.text())).toEqual([expect.stringContaining('odd.csv')])
    expect(view.find('tfoot').text()).toContain('100 B')
    await search.setValue('zzz')
    await search.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(view.text()).toContain('No file fits')
  })
})
