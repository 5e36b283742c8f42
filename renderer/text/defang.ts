// A scheme we break, and the host behind it up to the path. Evidence may hold many in one line, joined by what is no part of a host.
// Nor has it to begin a word: in a raw record `\n` stands before it as two characters.
const LIVE_URL = /(h)(tt)(ps?):\/\/([^\s/?#"'<>;,|]*)/giu
const LIVE_FTP = /\b(f)(tps?):\/\/([^\s/?#"'<>;,|]*)/giu

const breakDots = (host: string): string => host.replaceAll('[.]', '.').replaceAll('.', '[.]')

/** Breaks every URL inside a text: `https://a.example/x` becomes `hxxps://a[.]example/x`. Already broken ones stay. */
export function defangText(text: string): string {
  return text
    .replace(
      LIVE_URL,
      (_all, h: string, _tt: string, p: string, host: string) => `${h}xx${p}://${breakDots(host)}`,
    )
    .replace(
      LIVE_FTP,
      (_all, _f: string, tp: string, host: string) => `fx${tp.slice(1)}://${breakDots(host)}`,
    )
}

/** Breaks a value known to be a URL, host or IP address. */
export function defangAddress(value: string): string {
  // A bare IP address is no link anywhere, and internal ones are read a hundred times a day: they stay readable.
  // So do networks, or the two would stand in one list written in two ways.
  if (/^(?:[\d.]+|[\da-f:]+)(?:\/\d{1,3})?$/iu.test(value)) return value
  return /:\/\//u.test(value) ? defangText(value) : breakDots(value)
}

/** How an entity's name is shown: addresses broken, text otherwise searched for URLs. */
export function defangName(kind: string, name: string): string {
  return kind === 'url' || kind === 'domain' || kind === 'ip' ? defangAddress(name) : defangText(name)
}
