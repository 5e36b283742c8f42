import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { ReplyOf } from '../../../core/contract/types.ts'
import ImportDialog from '../../../renderer/frame/import-dialog.vue'
import ImportSummary from '../../../renderer/frame/import-summary.vue'
import { useImportStore } from '../../../renderer/stores/imports.ts'
import { useNoticeStore } from '../../../renderer/stores/notices.ts'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const inspection = { name: 'table.csv', bytes: 1, isArchive: false, parts: 1, candidates: [], question: null }
const file = (name: string) => ({ grant: `grant-${name}`, name, bytes: 10, isFolder: false })

const ended: ReplyOf<'job.get'>['job'] = {
  id: '5',
  method: 'evidence.import',
  status: 'done',
  startedAt: null,
  endedAt: null,
  progress: 1,
  eta: null,
  step: null,
  counters: {},
  error: null,
}

describe('importing', () => {
  it('keeps what is chosen for the next import while one is running', async () => {
    const engine = fakeEngine({ 'evidence.import': { jobId: '5' } })
    await mountView(ImportDialog, { engine })
    const imports = useImportStore()
    imports.openDialog([file('first.evtx')])
    const running = imports.run({ format: null, zone: 'UTC', dateOrder: null, encoding: null, passwords: [] })
    await flushPromises()
    imports.openDialog([file('second.evtx')])
    engine.answer({ 'job.get': { code: 'job.cancelled', params: {} } })
    engine.emit({
      type: 'job.ended',
      jobId: '5',
      method: 'evidence.import',
      status: 'cancelled',
      error: null,
    })
    await flushPromises()
    await running
    expect(imports.chosen.map(({ name }) => name)).toEqual(['second.evtx'])
    const sent = engine.calls.filter(({ method }) => method === 'evidence.import')
    expect(sent.map(({ input }) => (input as { grants: string[] }).grants)).toEqual([['grant-first.evtx']])
  })

  it('says of which endpoint these files are, and of the next ones no more', async () => {
    const engine = fakeEngine({ 'evidence.import': { jobId: '5' }, 'evidence.formats': [] })
    const { role } = await mountView(ImportDialog, { engine })
    useImportStore().openDialog([file('pecmd.csv')])
    await flushPromises()
    const field = () => document.querySelector<HTMLInputElement>('[role="dialog"] input[type="text"]')
    const input = field()
    if (input) input.value = ' WS-01 '
    input?.dispatchEvent(new Event('input'))
    role('button', 'Import').click()
    await flushPromises()
    expect(engine.calls.findLast(({ method }) => method === 'evidence.import')?.input).toMatchObject({
      grants: ['grant-pecmd.csv'],
      endpoint: 'WS-01',
    })
    useImportStore().openDialog([file('other.csv')])
    await flushPromises()
    expect(field()?.value).toBe('')
  })

  it('shows in its summary what waits for an answer first, and folds what the case holds already', async () => {
    const { view } = await mountView(ImportSummary, {
      engine: fakeEngine({ 'evidence.inspect': { ...inspection }, 'evidence.formats': [] }),
    })
    const imports = useImportStore()
    const refused = (name: string, code: string) => ({
      name,
      code,
      params: { name, as: name },
      grant: `g-${name}`,
    })
    imports.lastResult = {
      case: 'c',
      evidence: [],
      refused: [
        refused('again.evtx', 'evidence.duplicate'),
        refused('empty.csv', 'evidence.empty'),
        refused('table.csv', 'evidence.needs_mapping'),
      ],
      totals: { files: 0, bytes: 0, read: 0, stored: 0, duplicate: 0, rejected: 0 },
    }
    imports.isSummaryOpen = true
    await flushPromises()
    const names = [...document.querySelectorAll('.refused .name')].map((cell) => cell.textContent.trim())
    expect(names).toEqual(['table.csv', 'empty.csv'])
    expect(document.querySelector('details summary')?.textContent).toContain('Already in this case')
    expect(document.querySelector('details')?.open).toBe(false)
    expect(document.activeElement?.textContent).toContain('0 read')
    imports.lastResult = { ...imports.lastResult, refused: imports.lastResult.refused.slice(0, 1) }
    await flushPromises()
    // With nothing else to say it says which.
    expect(document.querySelector('details')?.open).toBe(true)
    view.unmount()
  })

  it('says that a password does not open an archive, and gives the right one to the table in it too', async () => {
    const locked = (code: string) => ({
      case: 'c',
      evidence: [],
      refused: [{ name: 'a.zip', code, params: { name: 'a.zip' }, grant: 'g' }],
      totals: { files: 0, bytes: 0, read: 0, stored: 0, duplicate: 0, rejected: 0 },
    })
    const engine = fakeEngine({
      'evidence.inspect': { ...inspection },
      'evidence.formats': [],
      'evidence.import': { jobId: '5' },
    })
    const { view } = await mountView(ImportSummary, { engine })
    const imports = useImportStore()
    imports.lastResult = locked('evidence.encrypted')
    imports.isSummaryOpen = true
    await flushPromises()
    const answered = async (code: string, answer: Promise<void> | undefined): Promise<void> => {
      await flushPromises()
      engine.answer({ 'job.get': { job: ended, result: locked(code) } })
      engine.emit({ type: 'job.ended', jobId: '5', method: 'evidence.import', status: 'done', error: null })
      await answer
      await flushPromises()
    }
    const warning = () => document.querySelector('[role="dialog"] [role="alert"]')?.textContent
    expect(warning()).toBeUndefined()
    await answered(
      'evidence.encrypted',
      imports.answer(imports.lastResult.refused[0]!, { passwords: ['no'] }),
    )
    expect(warning()).toContain('does not open it')
    await answered(
      'evidence.needs_mapping',
      imports.answer(imports.lastResult.refused[0]!, { passwords: ['yes'] }),
    )
    expect(imports.givenFor(imports.lastResult.refused[0]!).passwords).toEqual(['yes'])
    view.unmount()
  })

  it('says of a cancelled import that what was read stays', async () => {
    const engine = fakeEngine({
      'evidence.import': { jobId: '5' },
      'job.get': { code: 'job.cancelled', params: {} },
    })
    await mountView(ImportDialog, { engine })
    const imports = useImportStore()
    imports.openDialog([file('first.evtx')])
    const running = imports.run({ format: null, zone: 'UTC', dateOrder: null, encoding: null, passwords: [] })
    await flushPromises()
    engine.emit({
      type: 'job.ended',
      jobId: '5',
      method: 'evidence.import',
      status: 'cancelled',
      error: null,
    })
    await running
    expect(useNoticeStore().notices.map(({ tone, text }) => [tone, text])).toEqual([
      ['plain', { key: 'import.cancelled', params: {} }],
    ])
  })
})
