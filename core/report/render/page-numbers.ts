import { escapeHtml } from './text.ts'

/** Sheets printed at once: 500 take no more memory than a part of a report. */
const SHEETS_AT_ONCE = 500

/** Left of the text and height of the lower margin; page-css.ts has the same. */
const CSS = (paper: 'A4' | 'Letter'): string => {
  const height = paper === 'A4' ? 297 : 279.4
  return `@page{size:${paper === 'A4' ? 'A4' : 'letter'};margin:0}
body{margin:0}
div{position:relative;overflow:hidden;height:${height - 0.1}mm;break-after:page;font:7.2pt "Redthread Sans",sans-serif;color:#454d58;white-space:nowrap}
div:last-child{break-after:auto}
p{position:absolute;right:16mm;top:${height - 17.15}mm;margin:0;line-height:17mm}
`
}

/**
 * Sheets that hold nothing but the number of a page, one for each page of a report that is printed in parts: only when all parts are
 * printed is it known how many pages there are.
 * @param say `Page 3 of 12`
 * @returns style and body of one document after another
 */
export function* pageNumberSheets(
  paper: 'A4' | 'Letter',
  pages: number,
  say: (page: number) => string,
): Generator<{ readonly css: string; readonly body: string }> {
  for (let from = 1; from <= pages; from += SHEETS_AT_ONCE) {
    const count = Math.min(SHEETS_AT_ONCE, pages - from + 1)
    // Hidden from readers: the number of a page is not part of what the report says.
    const sheets = Array.from(
      { length: count },
      (_, at) => `<div aria-hidden="true"><p>${escapeHtml(say(from + at))}</p></div>`,
    )
    yield { css: CSS(paper), body: sheets.join('\n') }
  }
}
