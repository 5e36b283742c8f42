import { MARKABLE, type MarkTarget } from '../../core/contract/nouns/work.ts'

/**
 * Keys for rows that are no grid: tables, and lists that say `data-rows`. j and k walk them, Enter opens what a row is about (its part
 * marked `data-open`, else its first button), Space ticks its box. A row may say what it is about (`data-thing="entity:17"`): keys that
 * mark (f t n i p) then stand on the row one is in.
 */
const PLACES = '[role="grid"], table, [data-rows]'

/** The parts of the window F6 goes through: the rail, the parts of the screen that name themselves, the inspector. */
const PANES = 'nav.rail, main [data-pane], main:not(:has([data-pane])), aside.inspector'
const FOCUSABLE =
  '[role="grid"], [aria-current]:not([aria-current="false"]), [role="tab"][aria-selected="true"], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"]'

/** Into the next part of the window (1) or the one before (-1). */
export function walkPanes(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>(PANES)].filter(isSeen)
  const now = panes.findIndex((pane) => pane.contains(document.activeElement))
  const pane = panes[(now + step + panes.length) % panes.length]
  const inside = [...(pane?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].filter(isSeen)
  const first = FOCUSABLE.split(', ').flatMap((kind) => inside.find((one) => one.matches(kind)) ?? [])[0]
  if (first) return first.focus()
  if (!pane) return
  pane.tabIndex = -1
  pane.focus()
}

const isSeen = (element: HTMLElement): boolean => element.getClientRects().length > 0

/** The place of rows the focus is in, else the first on the screen. */
function placeOf(focus: Element | null): HTMLElement | undefined {
  const main = document.querySelector('main')
  if (!main) return undefined
  const own = main.contains(focus) ? focus?.closest<HTMLElement>(PLACES) : null
  const places = [...main.querySelectorAll<HTMLElement>(PLACES)].filter(isSeen)
  // A grid is what its screen is about.
  return own ?? places.find((one) => one.role === 'grid') ?? places.find((one) => rowsOf(one).length > 0)
}
const rowsOf = (place: HTMLElement): HTMLElement[] =>
  [...place.querySelectorAll<HTMLElement>(place.matches('table') ? 'tbody > tr' : ':scope > *')].filter(
    isSeen,
  )

/** One row on (1) or back (-1); a grid walks by itself and gets the key. */
export function walkRows(key: 'j' | 'k'): void {
  const focus = document.activeElement
  const place = placeOf(focus)
  if (!place) return
  if (place.role === 'grid') {
    place.focus()
    place.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: false }))
    return
  }
  const rows = rowsOf(place)
  const now = rows.findIndex((row) => row.contains(focus))
  const row = rows[Math.min(rows.length - 1, Math.max(0, now + (key === 'j' ? 1 : -1)))]
  if (!row) return
  // A row that is itself a button or has a place in the order of Tab is stood on as it is.
  const stand = row.matches('tr') ? row : (row.querySelector<HTMLElement>('button, a') ?? row)
  if (stand.tabIndex < 0) stand.tabIndex = -1
  stand.focus()
  row.scrollIntoView({ block: 'nearest' })
}

/** Enter and Space on a row one stands on. @returns whether it was one */
export function actOnRow(event: KeyboardEvent): boolean {
  const row = event.target
  if (!(row instanceof HTMLTableRowElement) || !['Enter', ' '].includes(event.key)) return false
  const act =
    event.key === ' '
      ? row.querySelector<HTMLElement>('input[type="checkbox"]:not(:disabled)')
      : (row.querySelector<HTMLElement>('[data-open]') ??
        row.querySelector<HTMLElement>('button:not(:disabled)'))
  act?.click()
  return act !== null
}

/** What the row around an element is about; undefined when it does not say. */
export function thingOf(element: EventTarget | null): MarkTarget | undefined {
  const text =
    element instanceof Element ? element.closest<HTMLElement>('main [data-thing]')?.dataset.thing : undefined
  const cut = text?.indexOf(':') ?? -1
  const kind = MARKABLE.find((one) => one === text?.slice(0, cut))
  return text !== undefined && kind !== undefined ? { kind, id: text.slice(cut + 1) } : undefined
}
