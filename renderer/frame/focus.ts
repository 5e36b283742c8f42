import { useCommandStore } from '../stores/commands.ts'

/** Puts the cursor into the search field of the screen; screens without one get the palette, which searches everything. */
export function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]')
  if (field) {
    field.focus()
    field.select()
  } else useCommandStore().openPalette()
}
