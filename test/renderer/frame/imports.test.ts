import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import ImportDialog from '../../../renderer/frame/import-dialog.vue'
import { useImportStore } from '../../../renderer/stores/imports.ts'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const file = (name: string) => ({ grant: `grant-${name}`, name, bytes: 10, isFolder: false })

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
})
