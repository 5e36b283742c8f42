import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(join(import.meta.dirname, '../../../renderer/styles/tokens.css'), 'utf8')

type Tokens = ReadonlyMap<string, string>
/** Colours of a theme; what it does not say is as in the dark one. */
function tokensOf(theme: string): Tokens {
  const all = new Map<string, string>()
  for (const name of ['dark', theme]) {
    const from = css.indexOf(`[data-theme='${name}'] {`)
    expect(from, name).toBeGreaterThan(0)
    const block = css.slice(from, css.indexOf('}', from))
    for (const [, token = '', value = ''] of block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/gu))
      all.set(token, value)
  }
  return all
}
const channels = (hex: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
const linear = (share: number): number =>
  share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = channels(hex).map(linear)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

/** How a colour looks without the red or the green receptors (Viénot, Brettel and Mollon 1999), in linear light. */
const BLIND: Readonly<Record<string, readonly (readonly number[])[]>> = {
  deutan: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
  protan: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
}
/** CIELAB (D65) of linear light. */
function lab([red = 0, green = 0, blue = 0]: readonly number[]): readonly [number, number, number] {
  const curve = (share: number): number => (share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116)
  const x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
  const y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue)
  const z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}
function seenBy(kind: string, hex: string): readonly [number, number, number] {
  const light = channels(hex).map(linear)
  const rows = BLIND[kind]
  return lab(
    rows ? rows.map((row) => row.reduce((sum, part, at) => sum + part * (light[at] ?? 0), 0)) : light,
  )
}
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((part, at) => part - (b[at] ?? 0)))

describe.each(['dark', 'light', 'contrast'])('colours of the theme %s', (theme) => {
  const tokens = tokensOf(theme)
  const of = (token: string): string => tokens.get(token) ?? '#ff00ff'
  const tooLow = (pairs: readonly (readonly [string, string])[], least: number): string[] =>
    pairs.flatMap(([front, ground]) => {
      const found = contrast(of(front), of(ground))
      return found < least ? [`${front} on ${ground}: ${found.toFixed(2)}`] : []
    })
  const grounds = ['ground', 'panel', 'raised', 'hover', 'selected'] as const
  const across = (fronts: readonly string[]): [string, string][] =>
    fronts.flatMap((front) => grounds.map((ground): [string, string] => [front, ground]))
  const risks = [...tokens.keys()].filter((token) => token.startsWith('risk-'))
  const kinds = [...tokens.keys()].filter((token) => token.startsWith('kind-'))

  it('give text 4.5 on every ground it stands on', () => {
    const least = theme === 'contrast' ? 7 : 4.5
    expect(tooLow(across(['ink', 'ink-2']), least)).toEqual([])
    expect(
      tooLow(
        [
          ...across(['ink-3', ...risks]).filter(([, ground]) =>
            ['ground', 'panel', 'raised'].includes(ground),
          ),
          ['on-accent', 'accent'],
          ['accent', 'ground'],
          ['accent', 'panel'],
          ['accent', 'accent-ground'],
          ['warn', 'warn-ground'],
          ['good', 'good-ground'],
        ],
        4.5,
      ),
    ).toEqual([])
  })

  it('give marks, lines that carry meaning and the focus ring 3', () => {
    expect(
      tooLow(
        [
          ...across(['focus', 'thread', 'accent']),
          // Icons of a kind in its own colour are drawn in the ink of nodes; the node stands on the ground of the canvas.
          ...kinds.map((kind): [string, string] => [kind, 'node-ink']),
          ...(theme === 'light' ? [] : kinds.map((kind): [string, string] => [kind, 'node-ground'])),
        ],
        3,
      ),
    ).toEqual([])
  })

  it('keep levels of risk and the red thread apart for people who see no red or no green', () => {
    const close = ['none', 'deutan', 'protan'].flatMap((eye) =>
      [...risks, 'thread'].flatMap((one, at, all) =>
        all.slice(at + 1).flatMap((other) => {
          const distance = apart(seenBy(eye, of(one)), seenBy(eye, of(other)))
          return distance < 8 ? [`${eye}: ${one} and ${other}: ${distance.toFixed(1)}`] : []
        }),
      ),
    )
    expect(close).toEqual([])
  })
})
