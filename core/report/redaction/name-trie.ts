import { foldText, type Folded } from './fold.ts'

interface Node {
  readonly next: Map<string, Node>
  /** Number of the name that ends here. */
  name: number
  anywhere: boolean
}
const node = (): Node => ({ next: new Map(), name: -1, anywhere: false })

/** Letters and digits of scripts that part words by spaces; a name in Han or Kana has no such ends. */
const WORD = /[\p{L}\p{N}]/u
const UNPARTED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const joins = (inside: string | undefined, outside: string | undefined): boolean =>
  inside !== undefined &&
  outside !== undefined &&
  WORD.test(inside) &&
  WORD.test(outside) &&
  !UNPARTED.test(inside)

export interface Found {
  readonly name: number
  /** Places in the folded text. */
  readonly from: number
  readonly to: number
}

/** Many names looked for at once; of names that begin at one place the longest is found. */
export class NameTrie {
  readonly #root = node()
  #isEmpty = true

  /** @param anywhere also inside words; else only where no letter or digit joins it */
  add(name: string, number: number, anywhere: boolean): void {
    const characters = foldText(name)
    if (characters.length === 0) return
    let at = this.#root
    for (const character of characters) {
      const next = at.next.get(character) ?? node()
      at.next.set(character, next)
      at = next
    }
    // The first that claims a name keeps it.
    if (at.name === -1) at.name = number
    at.anywhere ||= anywhere
    this.#isEmpty = false
  }

  *find({ characters }: Folded): Generator<Found> {
    if (this.#isEmpty) return
    let at = 0
    while (at < characters.length) {
      const found = this.#longestAt(characters, at)
      if (found === undefined) at += 1
      else {
        yield found
        at = found.to
      }
    }
  }

  #longestAt(characters: readonly string[], from: number): Found | undefined {
    let current: Node | undefined = this.#root
    let best: Found | undefined
    const opensInside = joins(characters[from], characters[from - 1])
    for (let at = from; at < characters.length; at += 1) {
      current = current.next.get(characters[at] ?? '')
      if (current === undefined) break
      if (current.name === -1) continue
      const closesInside = joins(characters[at], characters[at + 1])
      if (current.anywhere || (!opensInside && !closesInside)) best = { name: current.name, from, to: at + 1 }
    }
    return best
  }
}
