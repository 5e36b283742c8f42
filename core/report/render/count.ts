const formats = new Map<string, Intl.NumberFormat>()

/**
 * Writes counts as the report's language does (`17,478` in English), everywhere in the report alike.
 * @param lang language tag; one that is none, or that no face can draw the digits of, counts in English
 */
export function countFormat(lang: string): (value: number) => string {
  const known = formats.get(lang)
  if (known !== undefined) return (value) => known.format(value)
  const format = new Intl.NumberFormat(tagOf(lang), { numberingSystem: 'latn' })
  formats.set(lang, format)
  return (value) => format.format(value)
}

function tagOf(lang: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(lang)[0] ?? 'en'
  } catch (cause) {
    if (cause instanceof RangeError) return 'en'
    throw cause
  }
}
