import { escapeLike, IDENTIFIER } from '../store/strings.ts'

/** Texts that are looked for among the strings of the case: any of the LIKE patterns, which share the literal piece `core`. */
export interface TextPattern {
  readonly likes: readonly string[]
  readonly core: string
  /** Identifiers that are whole texts and can be found by their hash. */
  readonly wholes: readonly string[]
  /** Identifiers may fit, which are not in the trigram index. */
  readonly mayIdentify: boolean
}

/**
 * A whole MD5, SHA-1, SHA-256 or GUID. No longer identifier has it as a part by more than chance, and that part would mean nothing: among
 * identifiers it is looked up instead of looked for in each of them.
 */
const COMPLETE =
  /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64}|(\{)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:\})?)$/i

/** The text anywhere in a string. */
export const containing = (text: string): TextPattern => {
  const isComplete = COMPLETE.test(text)
  return {
    likes: [`%${escapeLike(text)}%`],
    core: text,
    wholes: isComplete ? [text, ...(text.includes('{') ? [] : [`{${text}}`])] : [],
    mayIdentify: !isComplete && IDENTIFIER.test(text),
  }
}

/**
 * A whole value, or with `*` a pattern; a bare file or account name also matches the end of a path or `DOMAIN\\name`, a short
 * host name the full one, a Message-ID may stand in angle brackets.
 */
export function matching(value: string, isHost: boolean): TextPattern {
  const bare = value.replace(/^<(.*)>$/, '$1')
  const like = escapeLike(bare).replaceAll('*', '%')
  if (bare.includes('*'))
    return {
      likes: [like],
      core: bare.split('*').reduce((a, b) => (b.length > a.length ? b : a), ''),
      wholes: [],
      mayIdentify: IDENTIFIER.test(bare.replaceAll('*', '')),
    }
  const isIdentifier = IDENTIFIER.test(bare)
  const label = isHost && !bare.includes('.') ? [`${like}.%`] : []
  return {
    likes: [...(isIdentifier ? [] : [like]), `%\\\\${like}`, ...label],
    core: bare,
    wholes: isIdentifier ? [bare] : [],
    mayIdentify: false,
  }
}

/** Written one way only, so that its hash finds it: IPv4 addresses. */
const UNCASED = /^[\d.]+$/

/** A whole value, or with `*` a pattern, and nothing else. */
export function exactly(value: string): TextPattern {
  const isWhole = !value.includes('*')
  const isIdentifier = IDENTIFIER.test(value.replaceAll('*', '')) || (isWhole && UNCASED.test(value))
  return {
    likes: isWhole && isIdentifier ? [] : [escapeLike(value).replaceAll('*', '%')],
    core: value.split('*').reduce((a, b) => (b.length > a.length ? b : a), ''),
    wholes: isWhole && isIdentifier ? [value] : [],
    mayIdentify: IDENTIFIER.test(value.replaceAll('*', '')),
  }
}
