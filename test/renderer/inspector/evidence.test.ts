import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { ReplyOf } from '../../../core/contract/types.ts'
import custody from '../../../core/report/sections/custody.section.ts'
import InspectorPane from '../../../renderer/frame/inspector-pane.vue'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import en from '../../../resources/locales/en.json' with { type: 'json' }
import { fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

type Row = ReplyOf<'evidence.list'>[number]
const half: Row = {
  id: '7',
  name: 'security.evtx',
  path: '/exports/security.evtx',
  sha256: 'cd'.repeat(32),
  bytes: 2_500_000,
  bytesRead: 1_500_000,
  format: 'evtx',
  confidence: 1,
  zone: 'UTC',
  zoneAssumed: false,
  read: 24_090,
  stored: 24_090,
  duplicate: 0,
  rejected: 0,
  events: 24_090,
  messages: 0,
  directoryObjects: 0,
  issues: [],
  status: 'cancelled',
  error: 'job.cancelled',
  seconds: 1,
  importedAt: '2026-03-01T00:00:00.000000Z',
  firstAt: null,
  lastAt: null,
  stale: false,
}
const entry = (action: string, details: Record<string, unknown>) => ({
  seq: 3,
  at: '2026-03-01T00:00:00.000000Z',
  actor: 'analyst',
  action,
  details,
  evidenceId: '7',
  hash: 'ab'.repeat(32),
})

async function show(row: Row, entries: ReturnType<typeof entry>[] = []) {
  const engine = fakeEngine({
    'evidence.list': [row],
    'evidence.issues': page([]),
    'evidence.formats': [],
    'audit.list': page(entries),
    'evidence.remove': { jobId: 'job-1' },
  })
  const mounted = await mountView(InspectorPane, { engine })
  useInspectorStore().show('evidence', row.id)
  await flushPromises()
  return mounted
}
const inspected = async (...args: Parameters<typeof show>): Promise<string> =>
  (await show(...args)).view.text()

describe('the inspector of evidence', () => {
  it('does not call a part of a file whole', async () => {
    const shown = await inspected(half)
    expect(shown).toContain('The import of this file did not finish: 1.4 MiB of 2.4 MiB (60%) were read.')
    expect(shown).toContain('Continue the import')
    expect(shown).not.toContain('every record could be read')
    const done: Row = { ...half, bytesRead: half.bytes, status: 'done', error: null }
    expect(await inspected(done)).toContain('every record could be read')
  })

  it('offers to continue what was cut off', async () => {
    const shown = await inspected({ ...half, status: 'importing', error: null })
    expect(shown).toContain('interrupted')
    expect(shown).toContain('Continue')
  })

  it('says in words what stopped an import', async () => {
    const shown = await inspected(half, [
      entry('evidence.cancel', { error: 'job.cancelled' }),
      entry('evidence.fail', { error: 'evidence.encrypted' }),
    ])
    expect(shown).toContain('Import cancelled')
    expect(shown).toContain('Import failed')
    expect(shown).not.toContain('job.cancelled')
    expect(shown).not.toContain('error:')
  })

  it('removes the item, asked first', async () => {
    const { engine, role } = await show(half)
    const removals = () => engine.calls.filter(({ method }) => method === 'evidence.remove')
    role('button', 'Remove').click()
    await flushPromises()
    expect(removals()).toEqual([])
    const confirm = document.querySelectorAll<HTMLElement>('[role="dialog"] button')
    ;[...confirm].find(({ textContent }) => textContent.includes('Remove'))?.click()
    await flushPromises()
    expect(removals()).toHaveLength(1)
  })

  it('names the same actions as the printed custody log', () => {
    const named = (texts: object, prefix: string) =>
      Object.keys(texts).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []))
    const printed = named(custody.texts.en, 'action.')
    expect(printed.length).toBeGreaterThan(20)
    expect(printed.sort()).toEqual(named(en, 'audit.act.').sort())
  })
})
