import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { ReplyOf } from '../../../core/contract/types.ts'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import { useStatusStore } from '../../../renderer/stores/status.ts'
import EvidenceScreen from '../../../renderer/views/evidence/evidence-screen.vue'
import IssueTable from '../../../renderer/views/evidence/issue-table.vue'
import { fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const item: ReplyOf<'evidence.list'>[number] = {
  id: '7',
  name: 'security.evtx',
  path: '/exports/a.json',
  sha256: 'cd'.repeat(32),
  bytes: 100,
  bytesRead: 100,
  format: 'evtx',
  confidence: 1,
  zone: 'UTC',
  zoneAssumed: false,
  read: 10,
  stored: 8,
  duplicate: 1,
  rejected: 1,
  events: 8,
  messages: 0,
  directoryObjects: 0,
  issues: [],
  status: 'done-with-rejects',
  error: null,
  seconds: 1,
  importedAt: '2026-03-01T00:00:00.000000Z',
  firstAt: null,
  lastAt: null,
  stale: false,
}
const answers = { 'evidence.issues': page([]), 'audit.list': page([]) }

describe('the Evidence screen', () => {
  it('shows for each item whether read = stored + duplicate + rejected', async () => {
    const engine = fakeEngine({
      ...answers,
      'evidence.list': [
        item,
        { ...item, id: '8', name: 'cut.evtx', bytesRead: 40 },
        { ...item, id: '9', name: 'clean.evtx', stored: 9, rejected: 0, status: 'done' },
      ],
    })
    const { view } = await mountView(EvidenceScreen, { engine })
    const rows = view.findAll('tbody tr').map((row) => row.text())
    expect(rows[0]).toContain('balanced, records rejected')
    expect(rows[1]).toContain('differs')
    expect(rows[2]).toContain('balanced')
    expect(rows[2]).not.toContain('rejected')
  })

  it('says of an import that did not finish how much was read and how to go on', async () => {
    const engine = fakeEngine({
      ...answers,
      'evidence.list': [
        {
          ...item,
          name: 'half.evtx',
          ...{ bytes: 2_500_000, bytesRead: 1_500_000, read: 9, stored: 9, duplicate: 0, rejected: 0 },
          status: 'cancelled',
          error: 'job.cancelled',
        },
      ],
    })
    const { view, role } = await mountView(EvidenceScreen, { engine })
    const row = view.find('tbody tr').text()
    expect(row).toContain('not finished: 1.4 MiB of 2.4 MiB read')
    expect(row).not.toContain('differs')
    expect(view.text()).toContain('Continue it: Redthread goes on where it stopped')
    role('button', 'Continue')
  })

  it('tells the status bar what the open tab counts, and nothing where a tab counts nothing', async () => {
    const engine = fakeEngine({ ...answers, 'evidence.list': [item] })
    const { role, view } = await mountView(EvidenceScreen, { engine })
    const status = useStatusStore()
    expect([status.visible, status.total]).toEqual([1, 1])
    const open = async (name: string): Promise<void> => {
      role('tab', name).dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
      await flushPromises()
    }
    await open('Issues')
    expect([status.visible, status.total]).toEqual([0, 0])
    await open('Chain of custody')
    expect([status.visible, status.total]).toEqual([null, null])
    await open('Items')
    view.unmount()
    expect(status.visible).toBeNull()
  })

  it('lists issues gravest first, each with its weight in words, and in the order of the files when asked', async () => {
    const issue = {
      id: '1',
      evidenceId: '7',
      evidenceName: 'cut.evtx',
      locator: 'chunk 3',
      code: 'evtx.truncated',
      excerpt: '',
      records: 56,
      weight: 'lost' as const,
      record: null,
    }
    const rows = [
      issue,
      { ...issue, id: '2', code: 'evtx.not_closed', records: 0, weight: 'damaged' as const },
    ]
    const engine = fakeEngine({ ...answers, 'evidence.list': [item], 'evidence.issues': page(rows) })
    const { view } = await mountView(IssueTable, { engine })
    const asked = () => engine.calls.findLast((call) => call.method === 'evidence.issues')?.input
    expect(asked()).toMatchObject({ order: 'weight' })
    expect(view.findAll('tbody tr').map((row) => row.find('td').text())).toEqual(['Lost', 'Damaged or cut'])
    expect(view.findAll('tbody tr')[0]?.text()).toContain('56')
    await view.findAll('select').at(-1)?.setValue('file')
    await flushPromises()
    expect(asked()).toMatchObject({ order: 'file' })
  })

  it('opens an item with the keyboard', async () => {
    const { view } = await mountView(EvidenceScreen, {
      engine: fakeEngine({ ...answers, 'evidence.list': [item] }),
    })
    await view.find('tbody tr').trigger('keydown', { key: 'Enter' })
    expect(useInspectorStore().current).toEqual({ kind: 'evidence', id: '7' })
  })

  it('offers to continue imports that were cut off', async () => {
    const engine = fakeEngine({
      ...answers,
      'evidence.list': [{ ...item, status: 'importing' }],
      'evidence.resume': { jobId: '1' },
    })
    const { view, role } = await mountView(EvidenceScreen, { engine })
    expect(view.text()).toContain('nothing is lost and nothing is stored twice')
    expect(view.find('tbody tr').text()).toContain('interrupted')
    role('button', 'Continue').click()
    await flushPromises()
    expect(engine.calls.some((call) => call.method === 'evidence.resume')).toBe(true)
  })

  it('offers to continue an import that was cancelled, and only that one', async () => {
    const engine = fakeEngine({
      ...answers,
      'evidence.list': [item, { ...item, id: '8', status: 'cancelled' }],
      'evidence.resume': { jobId: '1' },
    })
    const { view, role } = await mountView(EvidenceScreen, { engine })
    expect(view.text()).toContain('goes on where it stopped')
    role('button', 'Continue').click()
    await flushPromises()
    expect(engine.calls.findLast((call) => call.method === 'evidence.resume')?.input).toEqual({
      evidenceIds: ['8'],
    })
  })

  it('says what to do when there is no evidence', async () => {
    const { view } = await mountView(EvidenceScreen, {
      engine: fakeEngine({ ...answers, 'evidence.list': [] }),
    })
    expect(view.text()).toContain('No evidence yet')
  })
})
