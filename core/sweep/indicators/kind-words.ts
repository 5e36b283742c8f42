import type { IndicatorKind } from '../../model/indicator.ts'

type Plain = Exclude<IndicatorKind, 'sigma'>

/**
 * What feeds, lists and MISP call the kinds of indicators (formats.md D1, D2), folded to letters and digits. The vendor's
 * list of suspicious objects says `File SHA-1`, `Domain`, `IP address` (threat-investigation.md 3.5).
 */
const WORDS: Readonly<Record<string, Plain>> = {
  md5: 'md5',
  md5hash: 'md5',
  filehashmd5: 'md5',
  filemd5: 'md5',
  sha1: 'sha1',
  sha1hash: 'sha1',
  filehashsha1: 'sha1',
  filesha1: 'sha1',
  sha256: 'sha256',
  sha256hash: 'sha256',
  filehashsha256: 'sha256',
  filesha256: 'sha256',
  filename: 'file-name',
  file: 'file-name',
  emailattachment: 'file-name',
  attachment: 'file-name',
  filepath: 'file-path',
  path: 'file-path',
  fullpath: 'file-path',
  ip: 'ip',
  ipv4: 'ip',
  ipv6: 'ip',
  ipaddress: 'ip',
  ipsrc: 'ip',
  ipdst: 'ip',
  ipsrcport: 'ip',
  ipdstport: 'ip',
  ipport: 'ip',
  cidr: 'ip',
  ipv4addr: 'ip',
  ipv6addr: 'ip',
  domain: 'domain',
  domainname: 'domain',
  hostname: 'domain',
  hostnameport: 'domain',
  fqdn: 'domain',
  url: 'url',
  uri: 'url',
  link: 'url',
  email: 'email',
  emailaddress: 'email',
  emailaddr: 'email',
  emailsrc: 'email',
  emaildst: 'email',
  emailreplyto: 'email',
  sender: 'email',
  targetemail: 'email',
  emailsubject: 'subject',
  subject: 'subject',
  regkey: 'registry',
  registry: 'registry',
  registrykey: 'registry',
  commandline: 'command-line',
  cmdline: 'command-line',
  host: 'host',
  endpoint: 'host',
  computer: 'host',
  targetmachine: 'host',
  account: 'account',
  user: 'account',
  username: 'account',
  targetuser: 'account',
  useragent: 'user-agent',
  httpuseragent: 'user-agent',
  service: 'service',
  windowsservicename: 'service',
  task: 'task',
  windowsscheduledtask: 'task',
  scheduledtask: 'task',
  pipe: 'pipe',
  namedpipe: 'pipe',
}

/** Kinds that are indicators elsewhere, and that exports do not hold. */
const NOT_HELD: ReadonlySet<string> = new Set([
  ...['mutex', 'yara', 'ja3', 'ja3s', 'ja4', 'imphash', 'ssdeep', 'tlsh', 'sha512', 'sha384', 'sha224'],
  ...[
    'x509',
    'certificate',
    'certificateserial',
    'btc',
    'bitcoin',
    'phone',
    'asn',
    'as',
    'mac',
    'macaddress',
  ],
])
const fold = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Whether a word names a kind of indicator that exports do not hold, so that it was understood and cannot be looked for. */
export const isKindNotHeld = (word: string): boolean => NOT_HELD.has(fold(word))

/** The kind a word names; undefined for kinds that exports do not hold (mutex, YARA, certificates, JA3 ...). */
export const kindOfWord = (word: string): Plain | undefined => WORDS[fold(word)]
