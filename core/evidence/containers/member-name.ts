/** A name of a megabyte would fill every locator and every report line. */
const MAX_NAME = 500
/** Characters that move the cursor, hide text or turn its direction: shown as what they are, never obeyed. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
/** Velociraptor keeps `C:` as `C%3A` and the like below `uploads/`. */
const VELOCIRAPTOR_UPLOAD = /(?:^|\/)uploads\/(?:auto|file|ntfs|mft|lazy_ntfs|sparse|data|registry|raw_reg)\//

/** The name of a member as people read it: data, never a path that is opened. */
export function memberName(raw: string): string {
  const path = VELOCIRAPTOR_UPLOAD.test(raw) ? decodePercent(raw) : raw
  const seen = path.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
  return seen.length <= MAX_NAME ? seen : `${seen.slice(0, MAX_NAME)}…`
}

function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const decoded = Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')
    return decoded.includes('\ufffd') ? run : decoded
  })
}

/** Tells members of one name apart: the second `a.json` is `a.json (2)`. */
export class NameCounter {
  readonly #seen = new Map<string, number>()
  next(name: string): string {
    const count = (this.#seen.get(name) ?? 0) + 1
    this.#seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  }
}
