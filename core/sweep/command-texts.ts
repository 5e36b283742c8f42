import { decodedCommand } from '../normalise/encoded-command.ts'
import { baseName } from '../normalise/path.ts'
import { parseUrl } from '../normalise/url.ts'

/** What a command names: programs and files, where it fetches from. Every function gives what stands in the text, as it is compared. */
export type Texts = (text: string) => readonly string[]

const URL_IN = /\b(?:https?|ftps?|wss?):\/\/[^\s"'`<>|(){}\]]+/gi
const ADDRESS_IN = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g
/** A name with a dot, that is neither part of a path nor of a longer word. `cmd.exe` is one too; only a criterion asks what it is. */
const HOST_IN =
  /(?<![\w.\\/@%-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,22}(?![\w.\\-])/gi
const QUOTED = /"([^"]+)"|'([^']+)'/g
const WORD = /[^\s"'`<>|;,=()&]+/g
const HAS_EXTENSION = /\.[a-z0-9]{1,8}$/i
/** Names a shell would run: no domain ends so, though some of them are top-level domains by now. */
const PROGRAM = /\.(?:exe|dll|sys|bat|cmd|ps1|psm1|vbs|js|jse|hta|msi|scr|txt|log|tmp|dat|xml|ini|zip)$/i

/** A text of one word is a name, a path, a key: it has its own places (observables.ts), and most strings of a case are such. */
const isCommand = (text: string): boolean => text.includes(' ')

const all = (text: string, pattern: RegExp): string[] => text.match(pattern) ?? []

/** Pages, in their normal form and as written. */
export const urlsIn: Texts = (text) =>
  text.includes('://')
    ? all(text, URL_IN).flatMap((url) => {
        const parsed = parseUrl(url)
        return parsed ? [parsed.text, url] : [url]
      })
    : []

const hostsOfUrls: Texts = (text) =>
  text.includes('://') ? all(text, URL_IN).flatMap((url) => parseUrl(url)?.host ?? []) : []

/** Addresses, those of pages among them. */
export const addressesIn: Texts = (text) =>
  isCommand(text) ? [...hostsOfUrls(text), ...all(text, ADDRESS_IN)] : []

/** Hosts of pages, and names that could be one. */
export const hostsIn: Texts = (text) =>
  isCommand(text) ? [...hostsOfUrls(text), ...all(text, HOST_IN).filter((name) => !PROGRAM.test(name))] : []

const pathsOf = (text: string): string[] => {
  const quoted = [...text.matchAll(QUOTED)].flatMap((match) => match[1] ?? match[2] ?? [])
  return [...quoted, ...all(text, WORD)]
}

/** Names of files: behind the last separator of whatever has an extension. */
export const filesIn: Texts = (text) =>
  isCommand(text)
    ? pathsOf(text).flatMap((path) => {
        const name = baseName(path)
        return HAS_EXTENSION.test(name) ? [name] : []
      })
    : []

/** Paths of files, and the folders they lie in with a separator behind them. */
export const pathsIn: Texts = (text) =>
  isCommand(text)
    ? pathsOf(text).flatMap((path) => {
        const name = baseName(path)
        return name.length === path.length ? [] : [path, path.slice(0, path.length - name.length)]
      })
    : []

let last: { readonly text: string; readonly decoded: string | undefined } | undefined
/** The script behind `-EncodedCommand`. Several kinds of indicators ask for that of the same text, one after the other. */
export function decodedOf(text: string): string | undefined {
  if (last?.text !== text) last = { text, decoded: isCommand(text) ? decodedCommand(text) : undefined }
  return last.decoded
}

/** The same of the script behind `-EncodedCommand`. */
export const inDecoded =
  (texts: Texts): Texts =>
  (text) => {
    const decoded = decodedOf(text)
    return decoded === undefined ? [] : texts(decoded)
  }
