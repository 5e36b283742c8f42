import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Which story is told, and which of its sides is looked at; kept while other screens are open. */
export const useStoryStore = defineStore('story', () => {
  const id = ref('')
  const tab = ref('story')
  function clear(): void {
    id.value = ''
    tab.value = 'story'
  }
  return { id, tab, clear }
})
