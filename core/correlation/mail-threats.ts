import { present } from '../normalise/placeholder.ts'

/** What a mail product holds against a message; spam and bulk mail alone are no matter for an investigation. */
export type MailThreat = 'phish' | 'malware'

const MALWARE = /malware|virus|trojan|ransom|\bMALW\b|\bAMP\b/i
const PHISH = /phish|\bH?PHSH\b|\bHPHISH\b|\bINTOS\b|credential|impersonat|\bBEC\b|business email/i
/** Filters of the cloud mail scanner that look at content for the company's own sake (threat-investigation.md 4.3). */
const NO_THREAT = /data loss|\bdlp\b|file blocking|ransomware:\s*$/i
/** Risk levels of Web Reputation that mean something (W44): an untested or safe address is no verdict. */
const RISKY = /^(?:dangerous|highly[ _-]?suspicious|suspicious)$/i
/** Words of the product are for reading. */
const MAX_SAID = 160

/** The gravest threat that words of a product name. */
export const threatIn = (words: string | undefined): MailThreat | undefined =>
  words === undefined ? undefined : MALWARE.test(words) ? 'malware' : PHISH.test(words) ? 'phish' : undefined

/** What a product said of a message. */
export interface SaidOfMail {
  readonly threat: MailThreat
  /** In its own words. */
  readonly said: string
  /** It was sure of it, as far as it says. */
  readonly isSure: boolean
}

type Headers = ReadonlyMap<string, string>

/**
 * What Defender for Office 365 says in EmailEvents and EmailAttachmentInfo (ThreatTypes, ThreatNames, DetectionMethods,
 * ConfidenceLevel; formats.md B2), else what Exchange Online Protection wrote into the mail (`CAT:` of X-Forefront-Antispam-Report).
 */
export function saidInHeaders(headers: Headers): SaidOfMail | undefined {
  const types = headers.get('threattypes')
  const threat = threatIn(types)
  if (types !== undefined && threat !== undefined) {
    const why = methodsOf(headers.get('detectionmethods'), threat)
    const names = present(headers.get('threatnames'))
    const more = [names, why].filter((part) => part !== undefined && part !== '')
    return {
      threat,
      said: (more.length === 0 ? types : `${types} (${more.join('; ')})`).slice(0, MAX_SAID),
      isSure: !/low|normal|medium/i.test(headers.get('confidencelevel') ?? ''),
    }
  }
  const category = CATEGORY.exec(headers.get('x-forefront-antispam-report') ?? '')?.[1]
  const filed = threatIn(category)
  return category === undefined || filed === undefined
    ? undefined
    : { threat: filed, said: `CAT:${category}`, isSure: true }
}
const CATEGORY = /\bCAT:([A-Z]+)\b/

/** `{"Phish":["URL malicious reputation"],"Spam":["Advanced filter"]}`, or the words alone. */
function methodsOf(written: string | undefined, threat: MailThreat): string | undefined {
  const text = present(written)
  if (text === undefined || !text.startsWith('{')) return text
  const found: string[] = []
  for (const [, type = '', list = ''] of text.matchAll(/"([^"]+)"\s*:\s*\[([^\]]*)\]/g))
    if (threatIn(type) === threat) found.push(...[...list.matchAll(/"([^"]+)"/g)].map((one) => one[1] ?? ''))
  return found.join(', ')
}

/** What an alert of a mail product says: the cloud mail scanner's security event, or TIMailData of the unified audit log. */
export function saidInAlert(fields: {
  readonly rule?: string | undefined
  readonly severity?: string | undefined
  readonly detail?: string | undefined
}): SaidOfMail | undefined {
  const { rule = '', severity = '', detail = '' } = fields
  if (NO_THREAT.test(detail)) return undefined
  const filter = partOf(detail, 'filter')
  const name = partOf(detail, 'virus') ?? partOf(detail, 'ransomware')
  if (RISKY.test(severity) && !/malware/i.test(filter ?? ''))
    return {
      threat: 'phish',
      said: [severity, filter]
        .filter((part) => part !== undefined)
        .join(', ')
        .slice(0, MAX_SAID),
      isSure: !/^suspicious$/i.test(severity),
    }
  const words = [severity, rule, filter, name, partOf(detail, 'risk'), partOf(detail, 'detection')]
  const threat = name === undefined ? threatIn(words.join(' ')) : 'malware'
  if (threat === undefined) return undefined
  const said = [name ?? partOf(detail, 'risk') ?? present(severity), filter ?? present(rule)]
  return {
    threat,
    said: said
      .filter((part) => part !== undefined)
      .join(', ')
      .slice(0, MAX_SAID),
    isSure: true,
  }
}

/** One part of `filter: Web Reputation; risk: ...`. */
function partOf(detail: string, name: string): string | undefined {
  for (const part of detail.split('; '))
    if (part.toLowerCase().startsWith(`${name}: `)) return present(part.slice(name.length + 2))
  return undefined
}
