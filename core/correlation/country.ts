/** English names of countries and what directories of places write instead -> two-letter codes (ISO 3166-1). */
const BY_NAME = new Map<string, string>()

const OTHER_NAMES: readonly (readonly [string, string])[] = [
  ['usa', 'US'],
  ['united states of america', 'US'],
  ['korea', 'KR'],
  ['republic of korea', 'KR'],
  ['russian federation', 'RU'],
  ['viet nam', 'VN'],
  ['czech republic', 'CZ'],
  ['the netherlands', 'NL'],
  ['great britain', 'GB'],
  ['hong kong', 'HK'],
  ['turkey', 'TR'],
]

function learn(): void {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  for (const first of letters)
    for (const second of letters) {
      const name = names.of(`${first}${second}`)
      if (name !== undefined) BY_NAME.set(name.toLowerCase(), `${first}${second}`)
    }
  for (const [name, code] of OTHER_NAMES) BY_NAME.set(name, code)
}

/**
 * The country a place ends with: `Taipei, Taiwan` and `Taipei, TW` are both `TW`. No database of places is asked: what the
 * record does not say stays unknown.
 */
export function countryOf(location: string | undefined): string | undefined {
  const last = location?.split(',').at(-1)?.trim()
  if (last === undefined || last === '') return undefined
  if (/^[a-z]{2}$/i.test(last)) return last.toUpperCase()
  if (BY_NAME.size === 0) learn()
  return BY_NAME.get(last.toLowerCase())
}
