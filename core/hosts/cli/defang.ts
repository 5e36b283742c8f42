/**
 * A URL or host as text nobody can follow, `hxxps://evil[.]example/a`: no live URL in words for people (TRUST.md 2.5); the
 * JSON documents keep the value.
 */
export const defang = (text: string): string => text.replace(/^http/i, 'hxxp').replace(/\./g, '[.]')
