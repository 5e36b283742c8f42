import { EVENT_KINDS, type EventKind } from '../model/event.ts'

/** Letters of a kind that are compared; what is typed can be anything. */
const MOST_LETTERS = 40

/** Kinds of events, those first that somebody who wrote `text` can have meant: that hold it, or one of its words, or are spelt much like it. */
export function nearKinds(text: string): EventKind[] {
  const wanted = text.toLowerCase().replace(/\*$/, '').slice(0, MOST_LETTERS)
  const words = wanted.split(/[^a-z]+/).filter((word) => word.length > 1)
  const holds = (kind: string): boolean =>
    (wanted !== '' && kind.includes(wanted)) || words.some((word) => kind.includes(word))
  const distances = new Map(
    EVENT_KINDS.map((kind) => [
      kind,
      Math.min(...[kind, ...kind.split('-')].map((part) => edits(wanted, part))) - (holds(kind) ? 100 : 0),
    ]),
  )
  return EVENT_KINDS.toSorted((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0))
}

/** Letters to put in, take out or change until one text is the other (Levenshtein). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let at = 0; at < a.length; at++) {
    const next = [at + 1]
    for (let to = 0; to < b.length; to++)
      next.push(
        Math.min((row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1, (row[to] ?? 0) + (a[at] === b[to] ? 0 : 1)),
      )
    row = next
  }
  return row[b.length] ?? 0
}
