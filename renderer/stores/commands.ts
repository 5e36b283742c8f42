import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowRef, type Component } from 'vue'

/** Something the user can do from the palette. `keys` is how the cheat-sheet prints its shortcut. */
export interface Command {
  readonly id: string
  readonly title: string
  readonly keys?: readonly string[] | undefined
  /** Why it cannot be done now; it is then shown greyed, with this sentence, and does nothing. */
  readonly why?: string | undefined
  /** Set: also in the context menu of rows and things; `icon` stands beside it there. */
  readonly isContext?: boolean
  readonly icon?: Component
  /** A line stands above it in menus. */
  readonly isFirst?: boolean
  run(): void
}

/** Every command that makes sense now: those of the frame and those of the screen that is open. */
export const useCommandStore = defineStore('commands', () => {
  const sources = shallowRef<readonly (() => readonly Command[])[]>([])
  /** A screen may offer a command of the frame again with more sense: the later one stands. */
  const all = computed(() => [
    ...new Map(sources.value.flatMap((source) => source()).map((command) => [command.id, command])).values(),
  ])
  /** Those of the open screen first: they are about the very cell or thing one stands on. */
  const context = computed(() => {
    const places = new Map(
      sources.value.flatMap((source, place) => source().map(({ id }) => [id, place] as const)),
    )
    return all.value
      .filter((command) => command.isContext === true)
      .sort((a, b) => (places.get(b.id) ?? 0) - (places.get(a.id) ?? 0))
  })
  const isPaletteOpen = ref(false)
  const paletteText = ref('')
  const isCheatSheetOpen = ref(false)
  /** Where the context menu is open, in pixels of the window; null: it is not. */
  const menuAt = ref<{ readonly x: number; readonly y: number } | null>(null)

  function openPalette(text = ''): void {
    paletteText.value = text
    isPaletteOpen.value = true
  }
  function add(source: () => readonly Command[]): () => void {
    sources.value = [...sources.value, source]
    return () => {
      sources.value = sources.value.filter((one) => one !== source)
    }
  }
  return { all, context, menuAt, isPaletteOpen, paletteText, isCheatSheetOpen, openPalette, add }
})

/** Offers commands as long as the calling component lives; titles follow the language because they are read anew. */
export function useCommands(source: () => readonly Command[]): void {
  onScopeDispose(useCommandStore().add(source))
}
