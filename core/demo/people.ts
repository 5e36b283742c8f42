import { COMPANY, DEPARTMENTS, SITES, type SiteCode } from './company.ts'
import { type NamePart, NAME_POOLS } from './names.ts'
import type { Random } from './random.ts'

/** Somebody of the company, or an account that belongs to nobody's desk (`kind` other than `staff`). */
export interface Person {
  readonly kind: 'staff' | 'admin' | 'service'
  readonly displayName: string
  readonly givenName: string
  readonly familyName: string
  readonly sam: string
  readonly sid: string
  readonly rid: number
  readonly upn: string
  /** Primary mail address; empty for accounts without a mailbox. */
  readonly mail: string
  readonly otherMail: readonly string[]
  readonly department: string
  readonly title: string
  readonly site: SiteCode
}

/** The people the story needs by name; everybody else is drawn. */
export interface Cast {
  /** Clicks the link and types the password. */
  readonly clicker: Person
  /** Opens the attachment. */
  readonly opener: Person
  /** Forwards the first message inside the company. */
  readonly forwarder: Person
  /** Receives the forward and clicks. */
  readonly colleague: Person
  readonly helpdesk: Person
  /** The helpdesk's second account, the one that gets stolen. */
  readonly helpdeskAdmin: Person
  readonly itAdminPerson: Person
  /** Decoy: runs PsExec on many servers, and is allowed to. */
  readonly itAdmin: Person
  /** Decoy: opens a macro workbook of the finance department. */
  readonly accountant: Person
  readonly thunderbirdUser: Person
  readonly sensorless: Person
  readonly backupService: Person
}

const FIRST_RID = 1601
type Named = { readonly given: NamePart; readonly family: NamePart }
const name = (given: string, givenMail: string, family: string, familyMail: string): Named => ({
  given: { text: given, mail: givenMail },
  family: { text: family, mail: familyMail },
})

type FixedRole = Exclude<keyof Cast, 'helpdeskAdmin' | 'itAdmin' | 'backupService'>
const FIXED: readonly (readonly [FixedRole, SiteCode, string, string, Named])[] = [
  ['clicker', 'JEN', 'Einkauf', 'Strategische Einkäuferin', name('Marlene', 'marlene', 'Voß', 'voss')],
  ['opener', 'MAT', 'Logistik', '物流主任', name('直樹', 'naoki', '髙橋', 'takahashi')],
  ['forwarder', 'LDS', 'Logistik', 'Logistics coordinator', name('Owen', 'owen', 'Pritchard', 'pritchard')],
  ['colleague', 'HSC', 'Finanzen', '會計專員', name('怡君', 'yi-chun', '林', 'lin')],
  ['helpdesk', 'JEN', 'IT', 'Helpdesk', name('Jonas', 'jonas', 'Richter', 'richter')],
  ['itAdminPerson', 'JEN', 'IT', 'Systemadministratorin', name('Katarzyna', 'katarzyna', 'Wójcik', 'wojcik')],
  ['accountant', 'JEN', 'Finanzen', 'Controllerin', name('Émilie', 'emilie', 'Rousseau', 'rousseau')],
  ['thunderbirdUser', 'LDS', 'Entwicklung', 'Optical engineer', name('Şebnem', 'sebnem', 'Yıldız', 'yildiz')],
  ['sensorless', 'HSC', 'Produktion', '生產工程師', name('冠宇', 'kuan-yu', '陳', 'chen')],
]

/** Everybody: about 300 staff with mailboxes, plus administrators' second accounts and service accounts. */
export function makePeople(random: Random): { readonly all: readonly Person[]; readonly cast: Cast } {
  const taken = new Set<string>()
  const all: Person[] = []
  const add = (person: Omit<Person, 'rid' | 'sid' | 'upn'>): Person => {
    const rid = FIRST_RID + all.length
    const upn = `${person.sam}@${COMPANY.mailDomain}`
    const complete: Person = { ...person, rid, sid: `${COMPANY.domainSid}-${rid}`, upn }
    all.push(complete)
    return complete
  }
  const addStaff = (site: SiteCode, department: string, title: string, named: Named): Person =>
    add(staff(site, department, title, named, taken, random))

  const roles = new Map<FixedRole, Person>()
  for (const [role, site, department, title, named] of FIXED)
    roles.set(role, addStaff(site, department, title, named))
  // Two people with one name: only the account tells them apart.
  for (const department of ['Vertrieb', 'Produktion'])
    addStaff('JEN', department, 'Sachbearbeiter', name('Thomas', 'thomas', 'Müller', 'mueller'))
  for (const site of SITES) {
    const pool = NAME_POOLS[site.country]
    while (all.filter((person) => person.site === site.code).length < site.people)
      addStaff(site.code, random.pick(DEPARTMENTS), 'Staff', {
        given: random.pick(pool.given),
        family: random.pick(pool.family),
      })
  }
  const account = (kind: 'admin' | 'service', sam: string, displayName: string): Person =>
    add({
      kind,
      sam,
      displayName,
      givenName: '',
      familyName: '',
      mail: '',
      otherMail: [],
      department: 'IT',
      title: kind,
      site: 'JEN',
    })
  const helpdeskAdmin = account('admin', 'adm-jrichter', 'Jonas Richter (Admin)')
  const itAdmin = account('admin', 'adm-kwojcik', 'Katarzyna Wójcik (Admin)')
  const backupService = account('service', 'svc-backup', 'Backup Service')
  for (const sam of ['svc-sql', 'svc-scan', 'svc-deploy']) account('service', sam, `Service ${sam.slice(4)}`)
  const role = (wanted: FixedRole): Person => {
    const person = roles.get(wanted)
    if (!person) throw new RangeError(`Nobody plays ${wanted}`)
    return person
  }
  const cast: Cast = {
    clicker: role('clicker'),
    opener: role('opener'),
    forwarder: role('forwarder'),
    colleague: role('colleague'),
    helpdesk: role('helpdesk'),
    helpdeskAdmin,
    itAdminPerson: role('itAdminPerson'),
    itAdmin,
    accountant: role('accountant'),
    thunderbirdUser: role('thunderbirdUser'),
    sensorless: role('sensorless'),
    backupService,
  }
  return { all, cast }
}

function staff(
  site: SiteCode,
  department: string,
  title: string,
  { given, family }: Named,
  taken: Set<string>,
  random: Random,
): Omit<Person, 'rid' | 'sid' | 'upn'> {
  const country = SITES.find((entry) => entry.code === site)?.country ?? 'DE'
  const pool = NAME_POOLS[country]
  const isLatin = family.text.charCodeAt(0) < 0x250
  const displayName =
    pool.familyFirst && !isLatin
      ? `${family.text}${pool.separator}${given.text}`
      : `${given.text} ${family.text}`
  const sam = unique(taken, `${given.mail.replace('-', '').slice(0, 1)}${family.mail}`.slice(0, 18))
  const mail = unique(taken, `${given.mail}.${family.mail}`)
  const otherMail = [`${sam}@${COMPANY.mailDomain}`]
  if (random.chance(0.35)) otherMail.push(`${mail}@${COMPANY.oldMailDomain}`)
  return {
    kind: 'staff',
    displayName,
    givenName: given.text,
    familyName: family.text,
    sam,
    mail: `${mail}@${COMPANY.mailDomain}`,
    otherMail,
    department,
    title,
    site,
  }
}

/** Appends 2, 3, ... until nobody has it. */
function unique(taken: Set<string>, wanted: string): string {
  let candidate = wanted
  for (let number = 2; taken.has(candidate); number++) candidate = `${wanted}${number}`
  taken.add(candidate)
  return candidate
}

/** `MLICHT\naoki` as Windows writes it. */
export const accountOf = (person: Person): string => `${COMPANY.netbios}\\${person.sam}`
