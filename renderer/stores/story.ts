import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { EntityRef } from '../../core/contract/shapes.ts'

/** Stories are found anew when any of these change. */
export const STORY_PARTS = ['relation', 'detection', 'entity', 'pack', 'policy'] as const

/** Who else is exposed by a story, as its short answer found them. */
export interface ExposedPeople {
  /** Also those the case has no user or mailbox for. */
  readonly count: number
  readonly entities: readonly EntityRef[]
}

/** Which story is told, and which of its sides is looked at; kept while other screens are open. */
export const useStoryStore = defineStore('story', () => {
  const id = ref('')
  const tab = ref('story')
  /** Which of the two lists the screen shows: stories, or all detections. */
  const list = ref<'stories' | 'detections'>('stories')
  /** Assets are narrowed to these until that is taken off, or another story is told. */
  const exposed = shallowRef<ExposedPeople | null>(null)
  watch(id, () => (exposed.value = null), { flush: 'sync' })

  /** Tells one story from its beginning. */
  function open(story: string): void {
    id.value = story
    tab.value = 'story'
    list.value = 'stories'
  }
  /** Opens the assets of the story, narrowed to who else is exposed. */
  function showExposed(story: string, people: ExposedPeople): void {
    id.value = story
    exposed.value = people
    tab.value = 'assets'
  }
  function clear(): void {
    id.value = ''
    tab.value = 'story'
    list.value = 'stories'
    exposed.value = null
  }
  return { id, tab, list, exposed, open, showExposed, clear }
})
