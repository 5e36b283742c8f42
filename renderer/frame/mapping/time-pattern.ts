const DATE = /^(\d{4}|\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{1,2})(?!\d)/u
const WORDED = /^(\d{1,2})([-/ ])([A-Za-z]{3})\2(\d{4}|\d{2})(?!\d)/u
const CLOCK =
  /^([T ,]+)(\d{1,2}):(\d{2})(?::(\d{2})([.,]\d{1,9})?)?(?:( ?)([AaPp][Mm]))?(?:( ?)([+-]\d{2}(:?)\d{2}))?$/u
const FALLBACK = 'dd/MM/yyyy HH:mm:ss'

const quoted = (text: string): string => text.replaceAll(/[A-Za-z]+/gu, (letters) => `'${letters}'`)
/** Two letters take two digits only, one takes both. */
const digits = (letter: string, texts: readonly (string | undefined)[]): string =>
  texts.every((text) => text?.length === 2) ? letter + letter : letter
const year = (text: string | undefined): string => (text?.length === 4 ? 'yyyy' : 'yy')

/** The date of the examples as a pattern; of numbers the one above 12 is the day, and the first where none is. */
function dateOf(examples: readonly string[]): { pattern: string; length: number } | undefined {
  const worded = WORDED.exec(examples[0] ?? '')
  if (worded) {
    const [whole, , sign = '', , last] = worded
    return { pattern: ['d', 'MMM', year(last)].join(sign), length: whole.length }
  }
  const found = examples.flatMap((text) => {
    const match = DATE.exec(text)
    return match ? [match] : []
  })
  const [first] = found
  if (!first) return undefined
  const column = (at: number): (string | undefined)[] => found.map((match) => match[at])
  const sign = first[2] ?? ''
  const parts =
    first[1]?.length === 4
      ? ['yyyy', digits('M', column(3)), digits('d', column(4))]
      : column(3).some((text) => Number(text) > 12)
        ? [digits('M', column(1)), digits('d', column(3)), year(first[4])]
        : [digits('d', column(1)), digits('M', column(3)), year(first[4])]
  return { pattern: parts.join(sign), length: first[0].length }
}

function clockOf(text: string): string {
  const match = CLOCK.exec(text)
  if (!match) return ''
  const [, between = '', hour, , second, fraction, space, half, gap, offset, colon] = match
  return [
    quoted(between),
    digits(half === undefined ? 'H' : 'h', [hour]),
    ':mm',
    second === undefined ? '' : ':ss',
    fraction === undefined ? '' : `${fraction.charAt(0)}u`,
    half === undefined ? '' : `${space ?? ''}a`,
    offset === undefined ? '' : `${gap ?? ''}${colon === ':' ? 'ZZ' : 'ZZZ'}`,
  ].join('')
}

/** A pattern to begin with that reads the examples of the column, as far as a pattern can say how they are written. */
export function patternOf(examples: readonly string[]): string {
  const texts = examples.map((text) => text.trim()).filter((text) => /\d/u.test(text))
  const date = dateOf(texts)
  return date === undefined ? FALLBACK : date.pattern + clockOf((texts[0] ?? '').slice(date.length))
}
