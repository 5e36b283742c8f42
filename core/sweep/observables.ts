import type { EventFieldName, EventKind } from '../model/event.ts'
import type { IndicatorKind } from '../model/indicator.ts'
import { baseName } from '../normalise/path.ts'
import { parseUrl } from '../normalise/url.ts'
import { addressesIn, filesIn, hostsIn, inDecoded, pathsIn, type Texts, urlsIn } from './command-texts.ts'

type Plain = Exclude<IndicatorKind, 'sigma'>

/**
 * Where an observable stands in an event, and what of the field's text is compared.
 * @property kinds only events of these kinds; left out: all
 * @property texts what is compared, from the text of the field
 * @property isDecoded what is compared stands in the script an encoded command brings along, not in the text as recorded
 */
export interface Place {
  readonly field: EventFieldName
  readonly kinds?: readonly EventKind[]
  readonly texts: Texts
  readonly isDecoded?: boolean
}

const whole = (text: string): readonly string[] => [text]
const fileOf = (text: string): readonly string[] => [baseName(text)]
/** Path of a file, and the folder it lies in with a separator behind it: criteria may name either. */
const pathOf = (text: string): readonly string[] => {
  const name = baseName(text)
  return name.length === text.length ? [] : [text, text.slice(0, text.length - name.length)]
}
const HIVES: readonly (readonly [RegExp, string])[] = [
  [/^(?:HKEY_LOCAL_MACHINE|\\REGISTRY\\MACHINE)(?=\\|$)/i, 'HKLM'],
  [/^(?:HKEY_USERS|\\REGISTRY\\USER)(?=\\|$)/i, 'HKU'],
  [/^HKEY_CURRENT_USER(?=\\|$)/i, 'HKCU'],
  [/^HKEY_CLASSES_ROOT(?=\\|$)/i, 'HKCR'],
  [/^HKEY_CURRENT_CONFIG(?=\\|$)/i, 'HKCC'],
]
/** A registry path with the short name of its hive. */
export function toShortHive(text: string): string {
  const hive = HIVES.find(([pattern]) => pattern.test(text))
  return hive ? text.replace(hive[0], hive[1]) : text
}
const keyOf = (text: string): readonly string[] => [toShortHive(text)]
const hostOf = (text: string): readonly string[] => {
  const url = parseUrl(text)
  return url ? [url.host] : []
}
/** A page as it is compared: in its normal form, and as written where that says more (fragment, userinfo). */
const urlOf = (text: string): readonly string[] => {
  const url = parseUrl(text)
  return url ? [url.text, text] : [text]
}
const mailDomain = (text: string): readonly string[] =>
  addresses(text).map((address) => address.slice(address.lastIndexOf('@') + 1))
const addresses = (text: string): readonly string[] => text.match(/[^\s,;<>"]+@[^\s,;<>"]+/g) ?? []
/** `CORP\jdoe`, `jdoe@corp.example` and `jdoe` are asked for under any of these forms. */
const accountOf = (text: string): readonly string[] => {
  const behind = text.slice(text.lastIndexOf('\\') + 1)
  const at = behind.indexOf('@')
  return at > 0 ? [text, behind, behind.slice(0, at)] : behind === text ? [text] : [text, behind]
}
/** A host under its full name and its first label. */
const machineOf = (text: string): readonly string[] => {
  const dot = text.indexOf('.')
  return dot > 0 && !/^[\d.]+$/.test(text) ? [text, text.slice(0, dot)] : [text]
}
const listed = (text: string): readonly string[] => text.split(/\s*[;,]\s*/).flatMap(fileOf)

const FILES: readonly EventKind[] = [
  'image-load',
  'driver-load',
  'process-access',
  'remote-thread',
  'process-tamper',
  'file-create',
  'file-delete',
  'file-time-change',
  'file-stream',
  'file-modify',
  'file-rename',
  'file-read',
  'share-access',
  'object-access',
  'malware-detected',
  'malware-action',
  'alert',
  'bits-transfer',
  'generic',
]
const REGISTRY: readonly EventKind[] = ['registry-key', 'registry-set', 'registry-rename', 'registry-delete']
const SERVICES: readonly EventKind[] = ['service-install', 'service-change']
const TASKS: readonly EventKind[] = ['task-create', 'task-change', 'task-delete', 'task-run']
const PIPES: readonly EventKind[] = ['pipe-create', 'pipe-connect']

const paths = (texts: Place['texts']): Place[] => [
  { field: 'processPath', texts },
  { field: 'parentPath', texts },
  { field: 'target', kinds: FILES, texts },
]

const ORDERED: readonly EventKind[] = ['script-block', 'script-module', 'service-install', 'task-create']
const COMMANDS: readonly Omit<Place, 'texts'>[] = [
  { field: 'commandLine' },
  { field: 'parentCommandLine' },
  { field: 'detail', kinds: ORDERED },
]
/** Commands that were given, as recorded and decoded: a parent's command line may be all that is left of the parent. */
const commands = (texts: Texts): Place[] => {
  const decoded = inDecoded(texts)
  return [
    ...COMMANDS.map((place) => ({ ...place, texts })),
    ...COMMANDS.map((place) => ({ ...place, texts: decoded, isDecoded: true })),
  ]
}

/** Where each kind of indicator is looked for in events. */
export const PLACES: Readonly<Record<Plain, readonly Place[]>> = {
  'file-name': [
    ...paths(fileOf),
    { field: 'originalName', texts: whole },
    { field: 'attachment', texts: listed },
    ...commands(filesIn),
  ],
  'file-path': [...paths(pathOf), ...commands(pathsIn)],
  sha256: [{ field: 'sha256', texts: whole }],
  sha1: [{ field: 'sha1', texts: whole }],
  md5: [{ field: 'md5', texts: whole }],
  registry: [
    { field: 'target', kinds: REGISTRY, texts: keyOf },
    { field: 'detail', kinds: REGISTRY, texts: whole },
  ],
  'command-line': commands(whole),
  host: [
    { field: 'host', texts: machineOf },
    { field: 'sourceHost', texts: machineOf },
    { field: 'destinationHost', texts: machineOf },
  ],
  ip: [
    { field: 'hostIp', texts: whole },
    { field: 'sourceIp', texts: whole },
    { field: 'destinationIp', texts: whole },
    { field: 'destinationHost', texts: whole },
    { field: 'url', texts: hostOf },
    ...commands(addressesIn),
  ],
  domain: [
    { field: 'destinationHost', texts: whole },
    { field: 'target', kinds: ['dns-query'], texts: whole },
    { field: 'url', texts: hostOf },
    { field: 'referrer', texts: hostOf },
    { field: 'sourceHost', kinds: ['mail-delivered', 'mail-sent'], texts: whole },
    { field: 'sender', texts: mailDomain },
    { field: 'recipient', texts: mailDomain },
    ...commands(hostsIn),
  ],
  url: [{ field: 'url', texts: urlOf }, { field: 'referrer', texts: urlOf }, ...commands(urlsIn)],
  email: [
    { field: 'sender', texts: addresses },
    { field: 'recipient', texts: addresses },
    { field: 'accountMail', texts: addresses },
    { field: 'account', texts: addresses },
  ],
  subject: [{ field: 'subject', texts: whole }],
  account: [
    { field: 'account', texts: accountOf },
    { field: 'targetAccount', texts: accountOf },
    { field: 'accountMail', texts: accountOf },
  ],
  'user-agent': [{ field: 'userAgent', texts: whole }],
  service: [{ field: 'target', kinds: SERVICES, texts: whole }],
  task: [{ field: 'target', kinds: TASKS, texts: (text) => [text, ...fileOf(text)] }],
  pipe: [{ field: 'target', kinds: PIPES, texts: (text) => [text, ...fileOf(text)] }],
}
