import { readPalette, type Palette } from './palette.ts'

/** Gives the palette of the light theme, which is that of paper, whatever theme is in force. */
export function withLightTheme<T>(work: (palette: Palette) => T): T {
  const probe = document.createElement('div')
  probe.dataset['theme'] = 'light'
  probe.hidden = true
  document.body.append(probe)
  try {
    return work(readPalette(probe))
  } finally {
    probe.remove()
  }
}
