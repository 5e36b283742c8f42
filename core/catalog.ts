import { rules } from './correlation/registry.ts'
import { exporters } from './export/registry.ts'
import { importers } from './importers/registry.ts'
import { errorTexts } from './locale/errors.texts.ts'
import { withPrefix } from './locale/format.ts'
import { reasonTexts } from './locale/reason.texts.ts'
import { relationTexts } from './locale/relation.texts.ts'
import type { Texts } from './model/text.ts'
import type { Words } from './model/words.ts'
import { planExporters } from './reputation/plan/registry.ts'
import { packReaders } from './reputation/packs/registry.ts'
import { sections } from './report/registry.ts'
import { indicatorReaders } from './sweep/indicators/registry.ts'

const rooms = Object.values(import.meta.glob<Words>('./*/*.words.ts', { eager: true, import: 'default' }))

/** Every text the core brings, with its prefix. Part of the composition root. */
export const catalogue: readonly { readonly prefix: string; readonly texts: Texts }[] = [
  { prefix: 'errors', texts: errorTexts },
  { prefix: 'reason', texts: reasonTexts },
  { prefix: 'relation.kind', texts: relationTexts },
  ...rooms,
  ...importers.map(({ id, texts }) => ({ prefix: `importer.${id}`, texts })),
  ...rules.map(({ id, texts }) => ({ prefix: `rule.${id}`, texts })),
  ...exporters.map(({ id, texts }) => ({ prefix: `export.${id}`, texts })),
  ...planExporters.map(({ id, texts }) => ({ prefix: `plan.format.${id}`, texts })),
  ...packReaders.map(({ id, texts }) => ({ prefix: `pack.${id}`, texts })),
  ...indicatorReaders.map(({ id, texts }) => ({ prefix: `indicators.${id}`, texts })),
  ...sections.map(({ id, texts }) => ({ prefix: `report.${id}`, texts })),
]

type Nested = { readonly [key: string]: string | Nested }
const localeFiles = import.meta.glob<Nested>('../resources/locales/*.json', {
  eager: true,
  import: 'default',
})

const flatten = (node: Nested, path: string): [string, string][] =>
  Object.entries(node).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[here, value] as [string, string]] : flatten(value, here)
  })

/**
 * All texts of one language as flat keys: what extensions bring, English where they lack it, and over all that the
 * language's own file, which is how one new file is a whole language.
 */
export function messagesOf(lang: string): Record<string, string> {
  const file = localeFiles[`../resources/locales/${lang}.json`]
  return Object.fromEntries([
    ...catalogue.flatMap(({ prefix, texts }) => Object.entries(withPrefix(prefix, texts, lang))),
    ...(file ? flatten(file, '') : []),
  ])
}
