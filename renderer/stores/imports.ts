import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ImportResult } from '../../core/contract/nouns/evidence.ts'
import type { z } from 'zod'
import type { Picked } from '../frame/use-files.ts'
import { useJobStore } from './jobs.ts'
import { useNoticeStore } from './notices.ts'

type Result = z.infer<typeof ImportResult>

/** The import dialog: what is about to come in, and what came of the last import. */
export const useImportStore = defineStore('imports', () => {
  const isDialogOpen = ref(false)
  const chosen = shallowRef<readonly Picked[]>([])
  const isRunning = ref(false)
  const lastResult = shallowRef<Result | null>(null)
  const isSummaryOpen = ref(false)

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
  /** Imports what is chosen and correlates. */
  async function run(format: string | null, zone: string | null): Promise<void> {
    const grants = chosen.value.map((file) => file.grant)
    if (grants.length === 0) return
    isDialogOpen.value = false
    isRunning.value = true
    const result = await useJobStore().run('evidence.import', { grants, format, zone, correlate: true })
    isRunning.value = false
    chosen.value = []
    if (!result) return
    tell(result)
  }
  /** Continues imports that were cut off, then correlates what they brought. */
  async function resume(): Promise<void> {
    isRunning.value = true
    const result = await useJobStore().run('evidence.resume', {})
    isRunning.value = false
    if (!result) return
    tell(result)
    if (result.evidence.length > 0) await useJobStore().run('correlation.run', {})
  }
  return { isDialogOpen, chosen, isRunning, lastResult, isSummaryOpen, openDialog, run, resume }
})
