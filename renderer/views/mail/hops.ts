/** One mail server a message passed, read out of a `Received:` header (RFC 5321 section 4.4). */
export interface Hop {
  readonly from: string
  readonly by: string
  /** The time as written by that server. */
  readonly at: string
}

/** The way of a message, sender's side first. `Received` headers stand newest first; those above ours may be forged. */
export function readHops(
  headers: readonly { readonly name: string; readonly value: string }[],
): readonly Hop[] {
  return headers
    .filter((header) => header.name.toLowerCase() === 'received')
    .map(({ value }) => {
      const text = value.replaceAll(/\s+/gu, ' ')
      return {
        from: /\bfrom ([^\s;]+(?: \([^)]{0,200}\))?)/iu.exec(text)?.[1] ?? '',
        by: /\bby ([^\s;]+)/iu.exec(text)?.[1] ?? '',
        at: /;\s*([^;]{0,120})$/u.exec(text)?.[1]?.trim() ?? '',
      }
    })
    .reverse()
}
