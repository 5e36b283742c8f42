import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

/** Which screen is shown; kept in the address (`#/graph`) so that back and reload work. */
export const useNavigationStore = defineStore('navigation', () => {
  const known = shallowRef<readonly string[]>([])
  const screenId = ref('')

  /** Tells which screens there are (the registry's order; the first is home) and goes to the one in the address. */
  function start(screenIds: readonly string[]): void {
    known.value = screenIds
    follow()
    window.addEventListener('popstate', follow)
  }
  function follow(): void {
    const id = /^#\/([a-z-]+)/u.exec(location.hash)?.[1]
    screenId.value = known.value.find((one) => one === id) ?? known.value[0] ?? ''
  }
  function go(id: string): void {
    if (!known.value.includes(id)) return
    screenId.value = id
    if (location.hash !== `#/${id}`) history.pushState(null, '', `#/${id}`)
  }
  return { screenId, start, go }
})
