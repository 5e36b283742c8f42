import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ImportResult, RefusedFile } from '../../core/contract/nouns/evidence.ts'
import type { InputOf } from '../../core/contract/types.ts'
import type { z } from 'zod'
import type { Picked } from '../frame/use-files.ts'
import { useJobStore } from './jobs.ts'
import { useNoticeStore } from './notices.ts'

type Result = z.infer<typeof ImportResult>
export type Refused = z.infer<typeof RefusedFile>
/** What the analyst says about files that do not tell it themselves. */
export type Answers = Omit<InputOf<'evidence.import'>, 'grants' | 'correlate'>

/** The import dialog: what is about to come in, and what came of the last import. */
export const useImportStore = defineStore('imports', () => {
  const isDialogOpen = ref(false)
  const chosen = shallowRef<readonly Picked[]>([])
  const isRunning = ref(false)
  const lastResult = shallowRef<Result | null>(null)
  const isSummaryOpen = ref(false)
  /** The refused file a mapping is being made for. */
  const mappingFor = shallowRef<Refused | null>(null)

  /** What was said already about files that were refused all the same: the password of an archive holds for the table in it too. */
  const given = new WeakMap<Refused, Answers>()
  const givenFor = (refused: Refused): Answers => given.get(refused) ?? {}

  function openDialog(picked: readonly Picked[] = []): void {
    chosen.value = picked
    isDialogOpen.value = true
  }
  /** The summary opens by itself only when something went wrong. */
  function tell(result: Result): void {
    lastResult.value = result
    const { files, stored, rejected } = result.totals
    if (rejected > 0 || result.refused.length > 0) isSummaryOpen.value = true
    else useNoticeStore().say('import.done', { count: files, stored })
  }
  async function importAll(grants: readonly string[], answers: Answers): Promise<Result | undefined> {
    isRunning.value = true
    const result = await useJobStore().run(
      'evidence.import',
      { ...answers, grants: [...grants], correlate: true },
      'import.cancelled',
    )
    isRunning.value = false
    // Not the format nor the mapping: those are what the next answer is about.
    const { zone, dateOrder, encoding, endpoint, passwords } = answers
    for (const refused of result?.refused ?? [])
      given.set(refused, { zone, dateOrder, encoding, endpoint, passwords })
    return result
  }
  /** Imports what is chosen and correlates. */
  async function run(answers: Answers): Promise<void> {
    const grants = chosen.value.map((file) => file.grant)
    if (grants.length === 0) return
    isDialogOpen.value = false
    // At once: whoever opens the dialog again while this import runs chooses for the next one.
    chosen.value = []
    const result = await importAll(grants, answers)
    if (result) tell(result)
  }
  /** Imports a file that was refused once more, now with what was missing; the summary keeps what the others said. */
  async function answer(refused: Refused, answers: Answers): Promise<void> {
    const before = lastResult.value
    if (refused.grant === null || before === null) return
    const result = await importAll([refused.grant], { ...givenFor(refused), ...answers })
    if (!result) return
    const add = (figure: keyof Result['totals']): number => before.totals[figure] + result.totals[figure]
    tell({
      case: result.case,
      evidence: [...before.evidence, ...result.evidence],
      refused: [...before.refused.filter((one) => one !== refused), ...result.refused],
      totals: {
        files: add('files'),
        bytes: add('bytes'),
        read: add('read'),
        stored: add('stored'),
        duplicate: add('duplicate'),
        rejected: add('rejected'),
      },
    })
  }
  /** Continues imports that were cut off, or these that were cancelled or failed, then correlates what they brought. */
  async function resume(evidenceIds?: readonly string[]): Promise<void> {
    isRunning.value = true
    const input = evidenceIds === undefined ? {} : { evidenceIds: [...evidenceIds] }
    const result = await useJobStore().run('evidence.resume', input, 'import.cancelled')
    isRunning.value = false
    if (!result) return
    tell(result)
    if (result.evidence.length > 0) await useJobStore().run('correlation.run', {})
  }
  return {
    isDialogOpen,
    chosen,
    isRunning,
    lastResult,
    isSummaryOpen,
    mappingFor,
    givenFor,
    openDialog,
    run,
    answer,
    resume,
  }
})
