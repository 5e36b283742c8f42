const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
])

/** The text a reader sees, without markup. */
export const textOf = (html: string): string =>
  html
    .replace(/<(br|\/p|\/li|\/div|\/h\d|\/tr|\/dt|\/figcaption|\/caption|\/text)[^>]*>/g, '\n')
    .replace(/<\/t[dh]>/g, ' | ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|#39|amp);/g, (entity) => ENTITIES.get(entity) ?? entity)

/** A report as reduced Markdown: headings, paragraphs, tables and figures as lines. What is compared, a person can read. */
export function toOutline(html: string): string {
  const main = html.slice(html.indexOf('<main>'), html.indexOf('</main>'))
  return textOf(
    main
      .replace(/(<span class="number">[\d.]+)/g, '$1. ')
      .replace(/<h1>/g, '# ')
      .replace(/<h2>/g, '\n## ')
      .replace(/<h3[^>]*>/g, '\n### ')
      .replace(/<li>/g, '- ')
      .replace(/<caption>/g, '\n**')
      .replace(/<\/caption>/g, '**\n')
      .replace(/<svg class="(?:sign|wrap-mark|cover-thread)".*?<\/svg>/gs, '')
      .replace(/<br>/g, ' / '),
  )
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
    .concat('\n')
}
