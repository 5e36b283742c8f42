/** Pairs of letters that hardly stand side by side in names of any language written in Latin letters. */
const RARE = /[bcdfghjklmnpqrstvwxz]{5,}|[qjxz][^aeiouy\d]{2,}|\d[a-z]+\d+[a-z]+\d/gi

/**
 * Whether a name or path looks thrown together: consonants without end, letters and digits in turn, capitals in the middle of words.
 * @param text one label or path segment
 */
export function isRandom(text: string): boolean {
  const letters = text.replace(/[^a-z]/gi, '')
  const vowels = letters.replace(/[^aeiouy]/gi, '').length
  const changes = [...text.matchAll(/[a-z]\d|\d[a-z]/gi)].length + [...text.matchAll(/[a-z][A-Z]/g)].length
  const rare = [...text.matchAll(RARE)].length
  const isDry = letters.length >= 8 && vowels / letters.length < 0.2
  return (
    (isDry ? 1 : 0) + (changes >= Math.max(3, text.length / 6) ? 1 : 0) + (rare > 0 ? 1 : 0) >=
    (text.length >= 20 ? 1 : 2)
  )
}
