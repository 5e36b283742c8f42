import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'

/** Something the user can do from the palette. `keys` is how the cheat-sheet prints its shortcut. */
export interface Command {
  readonly id: string
  readonly title: string
  readonly keys?: readonly string[] | undefined
  run(): void
}

/** Every command that makes sense now: those of the frame and those of the screen that is open. */
export const useCommandStore = defineStore('commands', () => {
  const sources = shallowRef<readonly (() => readonly Command[])[]>([])
  const all = computed(() => sources.value.flatMap((source) => source()))
  const isPaletteOpen = ref(false)
  const paletteText = ref('')
  const isCheatSheetOpen = ref(false)

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
  return { all, isPaletteOpen, paletteText, isCheatSheetOpen, openPalette, add }
})

/** Offers commands as long as the calling component lives; titles follow the language because they are read anew. */
export function useCommands(source: () => readonly Command[]): void {
  onScopeDispose(useCommandStore().add(source))
}
