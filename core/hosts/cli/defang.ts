/**
 * A URL or host as text nobody can follow, `hxxps://evil[.]example/a`: no live URL in words for people (TRUST.md 2.5); the
 * JSON documents keep the value.
 */
export const defang = (text: string): string => text.replace(/^http/i, 'hxxp').replace(/\./g, '[.]')

/** Kinds of indicators and entities that are addresses as a whole. */
export const ADDRESS_KINDS: ReadonlySet<string> = new Set(['url', 'domain', 'host', 'ip', 'email'])

/** Addresses inside a text (a title, a command line), as nobody can follow them. */
export const quiet = (text: string): string => text.replace(/(?:https?|ftp):\/\/\S+/gi, defang)
