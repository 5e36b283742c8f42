import { onScopeDispose, watch } from 'vue'

/** Where the focus was: the element, and the row it stood in, which may be drawn anew meanwhile. */
interface Place {
  readonly element: HTMLElement
  readonly thing: string | undefined
}

/** The focus is nowhere: what had it is gone. */
export const isFocusLost = (): boolean =>
  document.activeElement === null || document.activeElement === document.body

/**
 * Remembers what had the focus when something opened, so that closing it gives the focus back there.
 * @param isOpen read at once when it changes: before anything of it is drawn and takes the focus
 * @param own what opened; focus inside of it is not where one came from
 * @returns gives the focus back: to the element, else to its row, else to the screen. It stays nowhere where it was nowhere before.
 */
export function useReturnFocus(isOpen: () => unknown, own?: () => HTMLElement | null): () => void {
  let from: Place | null = null
  const stop = watch(
    isOpen,
    (open) => {
      const now = document.activeElement
      if (!open || own?.()?.contains(now)) return
      from =
        now instanceof HTMLElement && now !== document.body
          ? { element: now, thing: now.closest<HTMLElement>('[data-thing]')?.dataset['thing'] }
          : null
    },
    { immediate: true, flush: 'sync' },
  )
  onScopeDispose(stop)
  return () => {
    const place = from
    from = null
    if (place === null) return
    if (place.element.isConnected) return place.element.focus({ preventScroll: true })
    const row =
      place.thing === undefined
        ? null
        : document.querySelector<HTMLElement>(`main [data-thing="${CSS.escape(place.thing)}"]`)
    const stand = row?.matches('tr, [tabindex]') ? row : row?.querySelector<HTMLElement>('button, a')
    if (stand instanceof HTMLTableRowElement && !stand.hasAttribute('tabindex')) stand.tabIndex = -1
    ;(stand ?? document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true })
  }
}
