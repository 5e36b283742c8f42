/** What stands on the edge of every page. */
export interface PageEdges {
  readonly paper: 'A4' | 'Letter'
  readonly topLeft: string
  readonly topRight: string
  readonly bottomLeft: string
  readonly bottomCenter: string
  /** Text around the page number and the page count: `Page `, ` of `, ``; null: the number is put on the page later. */
  readonly pageWords: readonly [string, string, string] | null
}

/**
 * A text as a CSS string. Everything but letters and digits is written as an escape, so that no analyst's or evidence
 * text can end the string, the rule or the style element.
 */
export const cssString = (text: string): string =>
  `"${[...text.toWellFormed()].map((c) => (/[A-Za-z0-9]/.test(c) ? c : `\\${(c.codePointAt(0) ?? 0xfffd).toString(16).padStart(6, '0')}`)).join('')}"`

/** The `@page` rule: paper, margins and margin boxes. Chromium has no running strings, so the texts are written in. */
export function pageCss(edges: PageEdges): string {
  const [before, between, after] = (edges.pageWords ?? []).map(cssString)
  const number = `${before} counter(page) ${between} counter(pages) ${after}`
  const style = 'font-family:"Redthread Sans",sans-serif;font-size:7.2pt;color:#454d58;white-space:nowrap'
  return `@page{size:${edges.paper === 'A4' ? 'A4' : 'letter'};margin:19mm 16mm 18mm 18mm;
@top-left{content:${cssString(edges.topLeft)};${style};font-weight:700}
@top-right{content:${cssString(edges.topRight)};${style}}
@bottom-left{content:${cssString(edges.bottomLeft)};${style}}
@bottom-center{content:${cssString(edges.bottomCenter)};${style}}
@bottom-right{content:${edges.pageWords === null ? '""' : number};${style}}}
`
}
