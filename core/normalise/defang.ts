/** Addresses are shown and printed so that nobody can click them by accident, and read back from such texts. */

/** `https://evil.example/a.b` -> `hxxps://evil[.]example/a.b`: scheme and host only, the rest stays searchable. */
export function defangUrl(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)(.*)$/is.exec(url)
  if (match === null) return url
  const [, scheme = '', authority = '', rest = ''] = match
  const quiet = scheme.replace(/^http/i, 'hxxp').replace(/^ftp/i, 'fxp')
  return `${quiet}${authority.replaceAll('.', '[.]')}${rest}`
}

/** Host names, IP addresses and mail addresses: every dot of the host becomes `[.]`, `@` becomes `[@]`. */
export function defangHost(host: string): string {
  return host.replaceAll('.', '[.]').replaceAll('@', '[@]')
}

/** Undoes the usual defanging: `hxxp`, `h**p`, `[.]`, `(.)`, `{.}`, `[dot]`, `(dot)`, `[:]`, `[://]`, `[@]`, `[at]`, `fxp`. */
export function refang(text: string): string {
  return text
    .replace(/\bh(?:xx|\*\*|XX)p(s?)(?=\[?:)/gi, 'http$1')
    .replace(/\bfxp(?=:\/\/)/gi, 'ftp')
    .replace(/\[:\/\/\]/g, '://')
    .replace(/[[({]:[\])}]/g, ':')
    .replace(/[[({](?:\.|dot)[\])}]/gi, '.')
    .replace(/[[({](?:@|at)[\])}]/gi, '@')
}
