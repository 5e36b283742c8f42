import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { MARKABLE, type MarkTarget, type MarkType } from '../../core/contract/nouns/work.ts'
import { getClient } from '../client/client.ts'
import { useCaseStore } from './case.ts'
import { useInspectorStore } from './inspector.ts'
import { useNoticeStore } from './notices.ts'
import { useSettingsStore } from './settings.ts'

/** Which dialog about the analyst's work is open. */
export type WorkDialog = 'relate' | 'entity' | 'list' | null
/** Which part of the mark bar is open for writing; `pin` writes its caption. */
export type Writing = 'tag' | 'note' | 'verdict' | 'pin' | null

/** The analyst's marks on rows that are picked, else on what the inspector shows; keys, palette and mark bar go through here. */
export const useWorkStore = defineStore('work', () => {
  const inspector = useInspectorStore()
  const notices = useNoticeStore()
  const cases = useCaseStore()
  const settings = useSettingsStore()
  const writing = ref<Writing>(null)
  const dialog = ref<WorkDialog>(null)
  const selection = shallowRef<readonly MarkTarget[]>([])

  /** What is inspected, where it can be marked; null: it cannot, or the case cannot be changed. */
  const target = computed<MarkTarget | null>(() => {
    const current = inspector.current
    const kind = MARKABLE.find((one) => one === current?.kind)
    return kind === undefined || current === undefined || cases.isReadOnly ? null : { kind, id: current.id }
  })
  /** What marks would stand on now. */
  const targets = computed<readonly MarkTarget[]>(() => {
    if (cases.isReadOnly) return []
    if (selection.value.length > 0) return selection.value
    return target.value ? [target.value] : []
  })
  /** Whether the inspector shows the one thing that would be marked, so that its bar is where words are written. */
  const isInspected = computed(
    () =>
      settings.isInspectorOpen &&
      targets.value.length === 1 &&
      targets.value[0]?.id === target.value?.id &&
      targets.value[0]?.kind === target.value?.kind,
  )
  /** Rows a grid has picked: marks stand on them until other rows are picked or something else is inspected. */
  function select(rows: readonly MarkTarget[]): void {
    selection.value = rows
  }
  watch(
    () => inspector.current,
    (now) => {
      if (!selection.value.some((one) => one.id === now?.id && one.kind === now.kind)) select([])
    },
  )

  async function mark(type: MarkType, value = '', text = ''): Promise<void> {
    const on = [...targets.value]
    if (on.length === 0) return
    const done = await notices.guard(() => getClient().call('work.mark', { targets: on, type, value, text }))
    if (done && on.length > 1) notices.say('work.markedMany', { count: on.length })
  }
  /** Sets the flag or pin on all of them; takes it off when all have it. */
  async function toggle(type: 'flag' | 'pin'): Promise<void> {
    const on = [...targets.value]
    if (on.length === 0) return
    await notices.guard(async () => {
      const found = await getClient().call('work.of', { targets: on })
      const present = found.flatMap(({ marks }) => marks.filter((one) => one.type === type))
      // Two that became one have two flags.
      const having = found.filter(({ marks }) => marks.some((one) => one.type === type)).length
      if (having === on.length)
        await getClient().call('work.unmark', { ids: [...new Set(present.map(({ id }) => id))] })
      else await getClient().call('work.mark', { targets: on, type })
    })
  }
  /** Takes what they are known by into the analyst's own saved criteria of the sweep. */
  async function addIndicators(name: string): Promise<void> {
    const on = [...targets.value]
    if (on.length === 0) return
    const done = await notices.guard(() => getClient().call('work.addIndicators', { targets: on, name }))
    if (!done) return
    if (done.lines.length === 0) notices.say('work.noIndicator', {}, 'plain')
    else if (done.added === 0) notices.say('work.knownIndicator', { name }, 'plain')
    else notices.say('work.indicatorsAdded', { count: done.added, name })
  }
  /** The value itself goes to the clipboard, and an entry into the audit log. */
  async function copyLive(): Promise<void> {
    const [target] = targets.value
    const kind = (['entity', 'message', 'url'] as const).find((one) => one === target?.kind)
    if (!target || kind === undefined) return
    await notices.guard(async () => {
      const { value } = await getClient().call('work.liveValue', { target: { kind, id: target.id } })
      await navigator.clipboard.writeText(value)
      notices.say('work.copiedLive', {}, 'plain')
    })
  }
  const unmark = async (id: string): Promise<void> =>
    void (await notices.guard(() => getClient().call('work.unmark', { ids: [id] })))
  async function undo(): Promise<void> {
    const answer = await notices.guard(() => getClient().call('work.undo', {}))
    if (answer) notices.say(answer.done ? 'work.undone' : 'work.nothingToUndo')
  }
  async function redo(): Promise<void> {
    const answer = await notices.guard(() => getClient().call('work.redo', {}))
    if (answer) notices.say(answer.done ? 'work.redone' : 'work.nothingToRedo')
  }
  /** Opens the place where a tag, note, verdict or caption is written: the bar of the inspector, or a dialog. */
  function write(what: Exclude<Writing, null>): void {
    if (targets.value.length > 0) writing.value = what
  }
  return {
    target,
    targets,
    selection,
    isInspected,
    writing,
    dialog,
    addIndicators,
    copyLive,
    select,
    mark,
    toggle,
    unmark,
    undo,
    redo,
    write,
  }
})

/**
 * Tells the mark keys (f t n i p) which rows of a grid are picked, as long as the calling component lives.
 * @param ids rows that are picked now; none: what the inspector shows is marked
 */
export function useMarkSelection(kind: MarkTarget['kind'], ids: () => readonly string[]): void {
  const work = useWorkStore()
  watch(
    () => ids().join(' '),
    () => work.select(ids().map((id) => ({ kind, id }))),
    { immediate: true },
  )
  onScopeDispose(() => work.select([]))
}
