import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { MergeDifference } from '../../../core/contract/nouns/merge.ts'
import type { ReplyOf, ResultOf } from '../../../core/contract/types.ts'
import MergeDialog from '../../../renderer/frame/merge/merge-dialog.vue'
import { ReportSettings } from '../../../core/contract/nouns/report.ts'
import { useMergeStore } from '../../../renderer/stores/merge.ts'
import { useReportStore } from '../../../renderer/stores/report.ts'
import MergeList from '../../../renderer/views/evidence/merge-list.vue'
import { caseInfo, fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const side = (value: string, text: string, by: string) => ({
  value,
  text,
  by,
  at: '2026-03-01T09:30:00.000Z',
})
const difference = (id: string, more: Partial<MergeDifference>): MergeDifference => ({
  id,
  part: 'mark',
  action: 'add',
  sort: 'tag',
  subject: { kind: 'event', id: '1', name: 'log.json #4' },
  mine: null,
  theirs: side('lateral', '', 'Mei'),
  choices: [],
  ...more,
})
const counts = { add: 0, change: 0, remove: 0, conflict: 0, same: 0, kept: 0 }
const plan: ResultOf<'merge.plan'> = {
  other: {
    caseId: 'b',
    file: 'mei.redthread',
    isSameCase: true,
    createdAt: '2026-03-01T00:00:00.000Z',
    auditHead: 'cd'.repeat(32),
    auditEntries: 9,
    sharedEntries: 5,
  },
  by: 'Mei',
  fingerprint: 'f1',
  evidence: {
    both: 2,
    mineOnly: [],
    theirsOnly: [{ name: 'only.evtx', sha256: 'ef'.repeat(32), bytes: 10, format: 'evtx' }],
  },
  parts: [
    { part: 'mark', ...counts, add: 1, conflict: 2 },
    { part: 'pack', ...counts, same: 1 },
  ],
  differences: [
    difference('c1', {
      action: 'conflict',
      sort: 'verdict',
      mine: side('benign', 'ours', 'analyst'),
      theirs: side('malicious', '<img src=x> hxxp', 'Mei'),
      choices: ['mine', 'theirs'],
    }),
    difference('c2', {
      action: 'conflict',
      sort: 'note',
      mine: side('', 'one', 'analyst'),
      theirs: side('', 'two', 'Mei'),
      choices: ['mine', 'theirs', 'both'],
    }),
    difference('a1', {}),
  ],
  total: 3,
  unreadable: [{ part: 'mark', item: 'mark 7', problem: 'type' }],
}

const job: ReplyOf<'job.get'>['job'] = {
  id: '2',
  method: 'merge.run',
  status: 'done',
  startedAt: null,
  endedAt: null,
  progress: 1,
  eta: null,
  step: null,
  counters: {},
  error: null,
}
const done: ResultOf<'merge.run'> = {
  merge: '1',
  by: 'Mei',
  changed: 1,
  settled: 0,
  parts: [],
  imported: [],
  missing: [],
}

/** The dialog with the colleague's case compared. */
async function open(more: Parameters<typeof fakeEngine>[0] = {}) {
  const engine = fakeEngine({ 'merge.plan': { jobId: '1' }, 'merge.run': { jobId: '2' }, ...more })
  const mounted = await mountView(MergeDialog, { engine })
  const merge = useMergeStore()
  merge.open()
  merge.other = { grant: 'g1', name: 'mei.redthread', bytes: 1, isFolder: false }
  merge.plan = plan
  merge.by = 'Mei'
  await flushPromises()
  return { ...mounted, engine, merge, text: () => document.body.textContent ?? '' }
}
const sent = (engine: ReturnType<typeof fakeEngine>) =>
  engine.calls.filter(({ method }) => method === 'merge.run').map(({ input }) => input)

describe('the merge dialog', () => {
  it('shows conflicts with both sides, what follows, evidence of one side and what was left out; text stays text', async () => {
    const { text } = await open()
    for (const word of [
      '2 conflicts',
      'benign',
      'malicious',
      'you',
      'only.evtx',
      '1 new',
      '1 stay as they are',
      '1 row of the other case',
    ])
      expect(text()).toContain(word)
    expect(document.querySelector('img')).toBeNull()
    expect(text()).toContain('<img src=x>')
  })

  it('says of a policy in its own words what each side has otherwise, and of a decision what each side decided', async () => {
    const { merge, text } = await open()
    merge.plan = {
      ...plan,
      differences: [
        difference('p', {
          action: 'conflict',
          part: 'policy',
          sort: 'policy',
          mine: side('', 'securityLevel: high', 'analyst'),
          theirs: side('', 'securityLevel: low\nactions.untested.enabled: true', 'Mei'),
          choices: ['mine', 'theirs'],
        }),
        difference('d', {
          action: 'conflict',
          part: 'identity',
          sort: 'split',
          mine: { ...side('Anna + Ann', 'same person', 'analyst'), sort: 'merge' },
          theirs: { ...side('CORP\\ann', 'stolen badge', 'Mei'), sort: 'split' },
          choices: ['mine', 'theirs', 'both'],
        }),
      ],
    }
    await flushPromises()
    for (const word of [
      'Security level: high',
      'Security level: low',
      'Act on untested URLs: yes',
      'Anna + Ann',
    ])
      expect(text()).toContain(word)
    expect([...document.querySelectorAll('.side > .dim')].map((one) => one.textContent)).toEqual([
      'merge',
      'split',
    ])
  })

  it('has nothing to press where nothing differs', async () => {
    const { role, merge, text } = await open()
    merge.plan = { ...plan, differences: [], total: 0 }
    await flushPromises()
    expect((role('button', 'Merge: nothing to bring') as HTMLButtonElement).disabled).toBe(true)
    expect(text()).toContain('Nothing new in it')
    merge.folders = [{ grant: 'f', name: 'originals', bytes: 0, isFolder: true }]
    await flushPromises()
    expect((role('button', 'Merge: nothing to bring') as HTMLButtonElement).disabled).toBe(false)
  })

  it('merges only once every conflict is settled, and sends what was chosen with what was compared', async () => {
    const { role, merge, engine } = await open()
    const button = () => role('button', 'Merge 3 differences') as HTMLButtonElement
    expect(button().disabled).toBe(true)
    role('button', 'Take all from there').click()
    await flushPromises()
    const [, , both] = [...document.querySelectorAll<HTMLInputElement>('input[name="choice-c2"]')]
    both?.dispatchEvent(new Event('change'))
    document.querySelector<HTMLInputElement>('input[type="checkbox"]')?.dispatchEvent(new Event('change'))
    await flushPromises()
    expect(merge.unsettled).toBe(0)
    ;(role('button', 'Merge 2 differences') as HTMLButtonElement).click()
    await flushPromises()
    expect(sent(engine)).toEqual([
      {
        grant: 'g1',
        by: 'Mei',
        evidence: [],
        choices: { c1: 'theirs', c2: 'both', a1: 'mine' },
        fingerprint: 'f1',
        correlate: true,
      },
    ])
  })

  it('saves what is set on the report screen before it compares, and reads it anew after the merge', async () => {
    const { merge, engine } = await open({
      'report.sections': [],
      'report.settings': { settings: null },
      'report.save': { changed: true },
    })
    const report = useReportStore()
    await report.load('case-1', [])
    const compare = async (): Promise<string[]> => {
      engine.calls.length = 0
      void merge.compare()
      await flushPromises()
      return engine.calls.map(({ method }) => method).filter((name) => /^(report|merge)\./.test(name))
    }
    expect(await compare()).toEqual(['report.sections', 'merge.plan'])
    report.fields.title = 'Parcel'
    expect(await compare()).toEqual(['report.sections', 'report.save', 'merge.plan'])
    expect(await compare()).toEqual(['report.sections', 'merge.plan'])
    merge.plan = plan
    void merge.run()
    await flushPromises()
    engine.answer({
      'report.settings': { settings: { ...ReportSettings.parse({}), title: 'Lure' } },
      'job.get': { job, result: done },
    })
    engine.emit({ type: 'job.ended', jobId: '2', method: 'merge.run', status: 'done', error: null })
    await flushPromises()
    expect(report.fields.title).toBe('Lure')
  })

  it('cannot merge into a case that cannot be changed', async () => {
    const { role, merge } = await open({ 'case.info': { ...caseInfo, readOnly: true } })
    merge.chooseAll('mine')
    await flushPromises()
    expect((role('button', 'Merge 3 differences') as HTMLButtonElement).disabled).toBe(true)
  })
})

describe('merged cases', () => {
  const row: ReplyOf<'merge.list'>[number] = {
    id: '4',
    at: '2026-03-01T09:30:00.000Z',
    by: 'Mei',
    caseId: 'b',
    file: 'mei.redthread',
    entries: 9,
    head: 'cd'.repeat(32),
    items: 12,
    undoneAt: null,
  }
  it('are listed with their log, and taken back', async () => {
    const engine = fakeEngine({ 'merge.list': [row], 'merge.undo': { restored: 11, left: 1 } })
    const { view, role } = await mountView(MergeList, { engine })
    expect(view.find('tbody tr').text()).toContain('mei.redthread')
    role('button', 'Take back').click()
    await flushPromises()
    expect(engine.calls.at(-1)).toMatchObject({ method: 'merge.undo', input: { id: '4' } })
    engine.answer({ 'merge.list': [{ ...row, undoneAt: row.at }] })
    engine.emit({ type: 'store.changed', nouns: ['audit'] })
    await flushPromises()
    expect(view.text()).toContain('taken back')
    expect(view.text()).not.toContain('Take back')
  })
})
