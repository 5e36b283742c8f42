import { splitCommandLine } from './command-line.ts'
import { toRegistryPath } from './autostart-keys.ts'

/** A value that a command writes to the registry. `path` ends with the name of the value, in one spelling. */
export interface OrderedValue {
  readonly path: string
  readonly value: string
}
const POWERSHELL =
  /\b(?:set-itemproperty|new-itemproperty|sp)\b(?=[^;|]{0,1500}\b(?:registry::|hk(?:lm|cu|u|cr|ey_))[^;|]{0,1500})([^;|]{1,2000})/gi
const option = (name: string): RegExp =>
  new RegExp(`-${name}\\s+(?:"([^"]{1,600})"|'([^']{1,600})'|([^\\s"';|]{1,600}))`, 'i')
const PATH = option('(?:path|literalpath)')
const NAME = option('(?:name|n)')
const VALUE = option('(?:value|v)')
const first = (match: RegExpExecArray | null): string | undefined =>
  match?.slice(1).find((part) => part !== undefined)

/** One spelling for what commands write: `HKLM:\X`, `Registry::HKEY_LOCAL_MACHINE\X`, `HKLM:X`. */
const toPath = (text: string): string =>
  toRegistryPath(
    text
      .replace(/^(?:microsoft\.powershell\.core\\)?registry::/i, '')
      .replace(/^(hk(?:lm|cu|cr|u)):\\?/i, (_whole, hive: string) => `${hive.toUpperCase()}\\`)
      .replace(/\\+$/, ''),
  ).replace(/^hk(?:lm|cu|cr|u)(?=\\)/i, (hive) => hive.toUpperCase())

/**
 * Registry values that a command line writes: `reg add KEY /v NAME /d DATA`, `Set-ItemProperty -Path KEY -Name N -Value V`.
 * A key on another machine (`\\HOST\HKLM\...`) is not meant.
 */
export function orderedValues(commandLine: string): OrderedValue[] {
  return [...byReg(commandLine), ...byPowerShell(commandLine)]
}

function byReg(commandLine: string): OrderedValue[] {
  const start = /(?:^|[\\/"'\s])reg(?:\.exe)?["']?\s+add\s/i.exec(commandLine)
  if (!start) return []
  const args = splitCommandLine(commandLine.slice(start.index + start[0].length)).map((arg) => arg.text)
  const key = args[0]?.replace(/^["']|["']$/g, '')
  if (key === undefined || !/^hk/i.test(key)) return []
  const after = (flag: string): string | undefined => {
    const at = args.findIndex((arg) => arg.toLowerCase() === flag)
    return at < 0 ? undefined : args[at + 1]
  }
  const name = after('/v') ?? (args.some((arg) => arg.toLowerCase() === '/ve') ? '(Default)' : undefined)
  return name === undefined ? [] : [{ path: `${toPath(key)}\\${name}`, value: after('/d') ?? '' }]
}

function byPowerShell(commandLine: string): OrderedValue[] {
  const found: OrderedValue[] = []
  for (const match of commandLine.matchAll(POWERSHELL)) {
    const text = match[1] ?? ''
    const key = first(PATH.exec(text)) ?? /^\s+["']?((?:registry::|hk)[^"']{3,500})["']/i.exec(text)?.[1]
    const name = first(NAME.exec(text))
    if (key === undefined || name === undefined || !/^(?:.*registry::)?hk/i.test(key)) continue
    found.push({ path: `${toPath(key)}\\${name}`, value: first(VALUE.exec(text)) ?? '' })
    if (found.length >= MAX_VALUES) break
  }
  return found
}

/** Values taken out of one command; more are a script that sets up a machine. */
const MAX_VALUES = 32
