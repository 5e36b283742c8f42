import { onScopeDispose } from 'vue'
import { isFocusLost } from '../components/return-focus.ts'

/** How long whoever took a control away has to say where the keyboard goes on: dialogs and menus give focus back in a later turn. */
const PATIENCE = 60
/** Places the keyboard was before: a menu goes together with the column it was opened from. */
const MEMORY = 4

interface Place {
  readonly element: HTMLElement
  /** What it stood in, innermost first. */
  readonly around: readonly HTMLElement[]
}

/**
 * Keeps the place of the keyboard when the control it stands on goes by its own doing ("Show more" at its end, a thing opened inside the
 * inspector) or is disabled while it works: without this the page has the focus and everything begins at the top. What is left without
 * focus by a click beside all controls stays so.
 */
export function useKeptFocus(): void {
  let places: Place[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The control that lost the keyboard because it was disabled or moved; it gets it back once it can be pressed. */
  let resting: HTMLElement | null = null

  function note({ target }: FocusEvent): void {
    if (!(target instanceof HTMLElement) || target === document.body) return
    const around: HTMLElement[] = []
    for (let one = target.parentElement; one !== null && one !== document.body; one = one.parentElement)
      around.push(one)
    resting = null
    places = [{ element: target, around }, ...places.filter(({ element }) => element !== target)].slice(
      0,
      MEMORY,
    )
  }
  function look(): void {
    clearTimeout(timer)
    timer = setTimeout(settle, PATIENCE)
  }
  function settle(): void {
    const [last] = places
    if (last === undefined || !isFocusLost()) return
    if (!isThere(last.element)) return goOn()
    if (last.element.matches(':disabled')) return
    // Neither gone nor disabled nor moved: somebody clicked beside all controls.
    if (resting === last.element) last.element.focus({ preventScroll: true })
    else places = []
  }
  /** To the innermost thing that is left of what the control stood in; the screen where that is the whole frame. */
  function goOn(): void {
    const main = document.querySelector<HTMLElement>('main')
    const nearest = places.map(({ element, around }) => [element, ...around].find(isThere))
    const inner = nearest.find((one) => one !== undefined && main !== null && !one.contains(main))
    const target = inner ?? main
    if (target === null) return
    if (!target.hasAttribute('tabindex') && !target.matches('a[href], button, input, select, textarea'))
      target.tabIndex = -1
    target.focus({ preventScroll: true })
  }

  document.addEventListener('focusin', note)
  document.addEventListener('focusout', look)
  const observer = new MutationObserver((changes) => {
    const element = places[0]?.element
    if (element === undefined) return
    const isMoved = changes.some(({ removedNodes }) => [...removedNodes].some((one) => one.contains(element)))
    const isDisabled = element.matches(':disabled') && changes.some(({ target }) => target === element)
    if (isMoved || isDisabled) resting = element
    look()
  })
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled'],
  })
  onScopeDispose(() => {
    document.removeEventListener('focusin', note)
    document.removeEventListener('focusout', look)
    observer.disconnect()
    clearTimeout(timer)
  })
}

/** Attached and painted: what a tab or a media rule hides is as good as gone. */
const isThere = (element: HTMLElement): boolean =>
  element.isConnected && (element.checkVisibility?.() ?? true)
