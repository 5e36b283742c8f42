import ipaddr from 'ipaddr.js'
import type { IndicatorKind, IndicatorOperator } from '../../model/indicator.ts'
import { refang } from '../../normalise/defang.ts'
import { kindOfWord } from './kind-words.ts'

export interface Classified {
  readonly kind: Exclude<IndicatorKind, 'sigma'>
  readonly operator: IndicatorOperator
  readonly value: string
}

/** `command-line~-enc`: a kind, `:` or `=` for is, `~` for contains, and the value. */
const TYPED = /^([a-z][a-z0-9 -]{1,24}?)\s*([:=~])\s*(?!\/\/)(\S.*)$/i
const HIVE = /^(?:HK(?:LM|CU|U|CR|CC)|HKEY_[A-Z_]+|\\REGISTRY)(?:\\|$)/i
const PATH = /^(?:[a-z]:\\|\\\\|%[a-z_]+%\\|\/(?:etc|home|opt|root|tmp|usr|var|Users|Library)\/)/i
/** Endings of files that are no top-level domains people use for hosts. */
const FILE =
  /^[^\\/:*?"<>|]+\.(?:exe|dll|sys|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|hta|lnk|msi|msp|scr|cpl|ocx|jar|iso|img|vhdx?|chm|docx?|docm|dotm|xlsx?|xlsm|xlam|xll|pptx?|pptm|pdf|rtf|html?|one|7z|rar|cab|gz|dat|bin|tmp|log|txt|aspx?|php)$/i

/**
 * What one line of a list of indicators is, by its shape. Defanged spelling is understood; a kind may be said before the
 * value (`file-name:evil.exe`, `command-line~-enc`).
 * @returns undefined when the shape says nothing
 */
export function classify(line: string): Classified | undefined {
  const text = line.trim()
  const [, word = '', sign = '', rest = ''] = TYPED.exec(text) ?? []
  const named = word === '' ? undefined : kindOfWord(word)
  if (named !== undefined)
    return {
      kind: named,
      operator: sign === '~' ? 'contains' : 'is',
      value: rest.replace(/^"(.*)"$/, '$1'),
    }
  if (/^[\da-f]{32}$/i.test(text)) return { kind: 'md5', operator: 'is', value: text }
  if (/^[\da-f]{40}$/i.test(text)) return { kind: 'sha1', operator: 'is', value: text }
  if (/^[\da-f]{64}$/i.test(text)) return { kind: 'sha256', operator: 'is', value: text }
  if (HIVE.test(text)) return { kind: 'registry', operator: 'is', value: text }
  if (PATH.test(text)) return { kind: 'file-path', operator: 'is', value: text }
  const plain = refang(text)
  if (/^(?:https?|ftp):\/\//i.test(plain)) return { kind: 'url', operator: 'is', value: plain }
  const address = plain.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  if (address.includes('/') ? ipaddr.isValidCIDR(address) : ipaddr.isValid(address) && /[.:]/.test(address))
    return { kind: 'ip', operator: 'is', value: address }
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(plain)) return { kind: 'email', operator: 'is', value: plain }
  if (FILE.test(plain)) return { kind: 'file-name', operator: 'is', value: plain }
  if (/^[^\s/]+\.[a-z]{2,}\/\S*$/i.test(plain))
    return { kind: 'url', operator: 'is', value: `http://${plain}` }
  if (/^(?:\*\.|\.)?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.(?:\p{L}{2,}|xn--[a-z0-9-]+)\.?$/u.test(plain))
    return { kind: 'domain', operator: 'is', value: plain }
  return undefined
}
