import type { Messages } from './format.ts'

type Tree = { readonly [key: string]: string | Tree }

const files = import.meta.glob<Tree>('../../resources/locales/*.json', { eager: true, import: 'default' })

function flatten(tree: Tree, prefix: string, into: Map<string, string>): Map<string, string> {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(prefix + key, value)
    else flatten(value, `${prefix}${key}.`, into)
  }
  return into
}

/** Texts of `resources/locales/<lang>.json` by language tag, as flat keys; adding a language is adding a file. */
export const localeFiles: ReadonlyMap<string, Messages> = new Map(
  Object.entries(files).map(([path, tree]) => {
    const tag = /([^/]+)\.json$/.exec(path)?.[1] ?? path
    return [tag, Object.fromEntries(flatten(tree, '', new Map()))]
  }),
)

/** Built-in languages and those with a locale file, English first. */
export const languages: readonly string[] = [...new Set(['en', 'ja', 'zh-TW', ...localeFiles.keys()])].sort(
  (a, b) => (a === 'en' ? -1 : b === 'en' ? 1 : a.localeCompare(b, 'en')),
)

/** The known language that fits a tag or a POSIX locale best (`zh_TW.UTF-8` -> `zh-TW`, `ja_JP` -> `ja`); English otherwise. */
export function fitLanguage(wanted: string): string {
  const tag = wanted.split(/[.@]/, 1)[0]?.replace('_', '-').toLowerCase() ?? ''
  const exact = languages.find((lang) => lang.toLowerCase() === tag)
  if (exact !== undefined) return exact
  const base = tag.split('-', 1)[0]
  // Simplified Chinese readers are not served by guessing Traditional.
  if (base === 'zh')
    return tag.includes('hant') || tag.includes('-hk') || tag.includes('-mo') ? 'zh-TW' : 'en'
  return languages.find((lang) => lang.split('-', 1)[0]?.toLowerCase() === base) ?? 'en'
}
