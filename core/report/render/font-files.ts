import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The faces a report may embed: static files only, because variable ones become Type 3 fonts in a PDF
 * (reference/runtime.md section 4). The build copies exactly these files next to the code; nothing is read from the
 * system. A bold face is needed wherever bold is used: a synthetic one becomes Type 3 as well.
 */
const URLS: Readonly<Record<string, string>> = {
  ...import.meta.glob<string>(
    '../../../node_modules/@fontsource/inter/files/inter-*-{400,700}-normal.woff2',
    {
      eager: true,
      query: '?url&no-inline',
      import: 'default',
    },
  ),
  ...import.meta.glob<string>(
    '../../../node_modules/@fontsource/jetbrains-mono/files/jetbrains-mono-*-400-normal.woff2',
    { eager: true, query: '?url&no-inline', import: 'default' },
  ),
  // Numbered subsets only: the single `japanese` file lacks 髙.
  ...import.meta.glob<string>(
    '../../../node_modules/@fontsource/noto-sans-{tc,jp}/files/noto-sans-*-[0-9]*-{400,700}-normal.woff2',
    { eager: true, query: '?url&no-inline', import: 'default' },
  ),
}

const RANGES: Readonly<Record<string, Readonly<Record<string, string>>>> = import.meta.glob<
  Readonly<Record<string, string>>
>('../../../node_modules/@fontsource/{inter,jetbrains-mono,noto-sans-tc,noto-sans-jp}/unicode.json', {
  eager: true,
  import: 'default',
})

/** Subset name (`latin`, `[90]`) -> unicode-range text of a family such as `noto-sans-tc`. */
export function subsetRanges(family: string): ReadonlyMap<string, string> {
  const found = Object.entries(RANGES).find(([path]) => path.includes(`/@fontsource/${family}/`))
  return new Map(Object.entries(found?.[1] ?? {}))
}

/** Bytes of one subset; undefined when the package has no such file (a digit subset without a bold face). */
export function readSubset(family: string, subset: string, weight: 400 | 700): Uint8Array | undefined {
  const name = `${family}-${subset.replace(/[[\]]/g, '')}-${weight}-normal.woff2`
  const url = Object.entries(URLS).find(([path]) => path.endsWith(`/${name}`))?.[1]
  return url === undefined ? undefined : readFileSync(locate(url))
}

/**
 * File behind an asset URL. In a build the URL counts from the output folder, in a checkout from its root; both are
 * above this module, so the first ancestor folder that holds it is the right one.
 */
function locate(url: string): string {
  const path = decodeURI(
    url
      .replace(/[?#].*$/, '')
      .replace(/^\/@fs/, '')
      .replace(/^\.?\//, ''),
  )
  if (existsSync(`/${path}`)) return `/${path}`
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const candidate = join(folder, path)
    if (existsSync(candidate)) return candidate
    const above = dirname(folder)
    if (above === folder) throw new Error(`font file is missing from the build: ${path}`)
    folder = above
  }
}
