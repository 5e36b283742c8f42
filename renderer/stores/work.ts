import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { MARKABLE, type MarkTarget, type MarkType } from '../../core/contract/nouns/work.ts'
import { getClient } from '../client/client.ts'
import { useCaseStore } from './case.ts'
import { useInspectorStore } from './inspector.ts'
import { useNoticeStore } from './notices.ts'

/** Which part of the mark bar is open for writing. */
export type Writing = 'tag' | 'note' | 'verdict' | null

/** The analyst's marks on what the inspector shows; keys, palette and the mark bar all go through here. */
export const useWorkStore = defineStore('work', () => {
  const inspector = useInspectorStore()
  const notices = useNoticeStore()
  const cases = useCaseStore()
  const writing = ref<Writing>(null)

  /** What marks would stand on now; null: nothing markable is inspected, or the case cannot be changed. */
  const target = computed<MarkTarget | null>(() => {
    const current = inspector.current
    const kind = MARKABLE.find((one) => one === current?.kind)
    return kind === undefined || current === undefined || cases.isReadOnly ? null : { kind, id: current.id }
  })

  async function mark(type: MarkType, value = '', text = ''): Promise<void> {
    const on = target.value
    if (on) await notices.guard(() => getClient().call('work.mark', { targets: [on], type, value, text }))
  }
  /** Sets the flag or pin, or takes it off. */
  async function toggle(type: 'flag' | 'pin'): Promise<void> {
    const on = target.value
    if (!on) return
    await notices.guard(async () => {
      const [found] = await getClient().call('work.of', { targets: [on] })
      const present = found?.marks.find((one) => one.type === type)
      if (present) await getClient().call('work.unmark', { ids: [present.id] })
      else await getClient().call('work.mark', { targets: [on], type })
    })
  }
  const unmark = async (id: string): Promise<void> =>
    void (await notices.guard(() => getClient().call('work.unmark', { ids: [id] })))
  async function undo(): Promise<void> {
    const answer = await notices.guard(() => getClient().call('work.undo', {}))
    notices.say(answer?.done === true ? 'work.undone' : 'work.nothingToUndo')
  }
  async function redo(): Promise<void> {
    const answer = await notices.guard(() => getClient().call('work.redo', {}))
    notices.say(answer?.done === true ? 'work.redone' : 'work.nothingToRedo')
  }
  /** Opens the part of the bar where a tag, note or verdict is written. */
  function write(what: Exclude<Writing, null>): void {
    if (target.value) writing.value = what
  }
  return { target, writing, mark, toggle, unmark, undo, redo, write }
})
