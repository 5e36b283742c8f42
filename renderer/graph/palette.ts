/** Colours of the canvas, read from the tokens: a canvas knows no CSS variables. */
export interface Palette {
  color(token: string): string
}

/** The palette of the theme in force now. */
export function readPalette(element: Element = document.documentElement): Palette {
  const style = getComputedStyle(element)
  const known = new Map<string, string>()
  return {
    color(token) {
      let value = known.get(token)
      if (value === undefined) {
        value = style.getPropertyValue(token).trim()
        known.set(token, value)
      }
      return value
    },
  }
}
