import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { MergeChoice, MergeDifference, MergePlan } from '../../core/contract/nouns/merge.ts'
import type { z } from 'zod'
import type { Picked } from '../frame/use-files.ts'
import { useCaseStore } from './case.ts'
import { useJobStore } from './jobs.ts'
import { useNoticeStore } from './notices.ts'
import { useReportStore } from './report.ts'

type Plan = z.infer<typeof MergePlan>

/** The merge dialog: the colleague's case, what would change, and how conflicts are settled. */
export const useMergeStore = defineStore('merge', () => {
  const isOpen = ref(false)
  const other = shallowRef<Picked | null>(null)
  const by = ref('')
  const plan = shallowRef<Plan | null>(null)
  const folders = shallowRef<readonly Picked[]>([])
  const choices = ref<ReadonlyMap<string, MergeChoice>>(new Map())
  const isBusy = ref(false)

  const conflicts = computed(
    () => plan.value?.differences.filter(({ action }) => action === 'conflict') ?? [],
  )
  const followed = computed(() => plan.value?.differences.filter(({ action }) => action !== 'conflict') ?? [])
  const unsettled = computed(() => conflicts.value.filter(({ id }) => !choices.value.has(id)).length)

  function open(): void {
    if (!isBusy.value) forget()
    isOpen.value = true
  }
  function forget(): void {
    other.value = null
    by.value = ''
    plan.value = null
    folders.value = []
    choices.value = new Map()
  }
  async function compare(): Promise<void> {
    const picked = other.value
    if (picked === null) return
    isBusy.value = true
    choices.value = new Map()
    // What is set on the report screen and not saved yet would not be compared, and would be lost under what the merge brings.
    if (!useCaseStore().isReadOnly) await useNoticeStore().guard(() => useReportStore().keepEdits())
    const name = by.value.trim()
    plan.value =
      (await useJobStore().run('merge.plan', { grant: picked.grant, by: name === '' ? null : name })) ?? null
    if (plan.value) by.value = plan.value.by
    isBusy.value = false
  }
  function choose(difference: Pick<MergeDifference, 'id'>, choice: MergeChoice | null): void {
    const next = new Map(choices.value)
    if (choice === null) next.delete(difference.id)
    else next.set(difference.id, choice)
    choices.value = next
  }
  /** One side for every conflict; what was refused of the rest stays refused. */
  function chooseAll(choice: 'mine' | 'theirs'): void {
    const next = new Map(choices.value)
    for (const { id } of conflicts.value) next.set(id, choice)
    choices.value = next
  }
  async function run(): Promise<void> {
    const [picked, compared] = [other.value, plan.value]
    if (picked === null || compared === null) return
    isBusy.value = true
    const result = await useJobStore().run('merge.run', {
      grant: picked.grant,
      by: compared.by,
      evidence: folders.value.map(({ grant }) => grant),
      choices: Object.fromEntries(choices.value),
      fingerprint: compared.fingerprint,
      correlate: true,
    })
    isBusy.value = false
    if (!result) return
    isOpen.value = false
    await useNoticeStore().guard(() => useReportStore().reload())
    const { merge, changed, settled, imported } = result
    if (merge === null && imported.length === 0) useNoticeStore().say('merge.nothing', {}, 'plain')
    else useNoticeStore().say('merge.done', { changed, settled, files: imported.length })
  }
  return {
    isOpen, other, by, plan, folders, choices, isBusy, conflicts, followed, unsettled,
    open, compare, choose, chooseAll, run,
  } // prettier-ignore
})
