import { toAbsolute } from './command-line.ts'

/** One download a script or command orders. `isSameStatement`: the verb stands beside the address. */
export interface OrderedDownload {
  readonly url: string
  /** Where it is written, when one statement names one address and one place. */
  readonly path: string | undefined
  readonly isSameStatement: boolean
}
/** A script that names more addresses is a list (a filter, a blocklist), not a download. */
const MAX_URLS = 20
/** Longer texts are modules that mention addresses in their help. */
const MAX_TEXT = 65_536

const URL_TEXT = /\b(?:https?|ftp):\/\/[^\s'"`<>|)(,;\]}]{3,2000}/gi
/** Words that fetch. */
const FETCHES =
  /\b(?:invoke-webrequest|invoke-restmethod|start-bitstransfer|iwr|irm|wget|curl|downloadfile(?:async)?|downloadstring|downloaddata|openread|net\.webclient|httpclient|xmlhttp|winhttprequest|urldownloadtofile|urlcache|verifyctl|bitsadmin|mshta|regsvr32|msiexec|installutil|invoke-expression|iex|desktopimgdownldr|certreq|hh\.exe|presentationhost|makecab|esentutl|extrac32|ieexec|cmdl32)\b/i
const PLACE =
  /(?:-outfile|-destination|-o(?:ut(?:put)?)?|--output|-outf?)[\s:=]+["']?([^"'\s;|]{3,500}|[a-z]:\\[^"';|]{3,500}?\.[a-z0-9]{1,6})["']?(?=[\s;|)"']|$)|downloadfile(?:async)?\(\s*["'][^"']+["']\s*,\s*["']([^"']{3,500})["']|urlcache\b.*?\bhttps?:\S+\s+["']?([^"'\s]{3,500})|\/transfer\b.*?\bhttps?:\S+\s+["']?([^"']{3,500}?)["']?\s*$/i

/** Signs that only hide: carets of cmd, backticks of PowerShell, joined strings. */
const unhide = (text: string) => text.replace(/[`^](?=[a-z:/.])/gi, '').replace(/['"]\s*\+\s*['"]/g, '')

/**
 * Downloads that a script or command line orders. A text that only names addresses, without a word that fetches, orders none.
 * @param directory folder that relative places start from
 */
export function orderedDownloads(text: string, directory?: string): OrderedDownload[] {
  if (text.length > MAX_TEXT) return []
  const plain = unhide(text)
  if (!FETCHES.test(plain) || !/:\/\//.test(plain)) return []
  const found = new Map<string, OrderedDownload>()
  for (const statement of plain.split(/[;\r\n]|\|\|?|&&/)) {
    const urls = [...statement.matchAll(URL_TEXT)].map((match) => match[0].replace(/[.\\]+$/, ''))
    const isSameStatement = FETCHES.test(statement)
    const place =
      urls.length === 1 && isSameStatement
        ? PLACE.exec(statement)
            ?.slice(1)
            .find((part) => part !== undefined)
        : undefined
    const path = place === undefined ? undefined : toAbsolute(place.trim(), directory)
    for (const url of urls) {
      const known = found.get(url)
      if (!known || (known.path === undefined && path !== undefined))
        found.set(url, { url, path, isSameStatement: isSameStatement || known?.isSameStatement === true })
    }
  }
  return found.size > MAX_URLS ? [] : [...found.values()]
}
