/**
 * The parts of STIX 2.1 (OASIS standard, 10 June 2021) that a bundle of ours touches, written as rules from the text of the standard:
 * no package of the official JSON schemas is in npm. Each function returns what is wrong, empty when nothing is.
 */
export type StixObject = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string }

const ID = /^([a-z][a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
/** Section 3.2: RFC 3339 with `Z`. */
const TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?Z$/
/** Section 3.1: names of properties. */
const PROPERTY = /^[a-z0-9_]{2,250}$/

const OBSERVABLES = new Set([
  'domain-name',
  'email-addr',
  'email-message',
  'file',
  'ipv4-addr',
  'ipv6-addr',
  'process',
  'software',
  'url',
  'user-account',
  'windows-registry-key',
])
const COMMON = [
  'type',
  'spec_version',
  'id',
  'created_by_ref',
  'created',
  'modified',
  'labels',
  'confidence',
  'external_references',
]

interface Rule {
  readonly required: readonly string[]
  readonly optional: readonly string[]
  /** At least one of these (6.x: "MUST contain at least one property"). */
  readonly some?: readonly string[]
}
const RULES: Readonly<Record<string, Rule>> = {
  identity: { required: ['name'], optional: ['description', 'identity_class'] },
  indicator: {
    required: ['pattern', 'pattern_type', 'valid_from'],
    optional: ['name', 'description', 'indicator_types', 'valid_until'],
  },
  infrastructure: { required: ['name'], optional: ['infrastructure_types', 'first_seen', 'last_seen'] },
  'attack-pattern': { required: ['name'], optional: ['description'] },
  'observed-data': {
    required: ['first_observed', 'last_observed', 'number_observed', 'object_refs'],
    optional: [],
  },
  relationship: {
    required: ['relationship_type', 'source_ref', 'target_ref'],
    optional: ['description', 'start_time', 'stop_time'],
  },
  sighting: {
    required: ['sighting_of_ref'],
    optional: ['first_seen', 'last_seen', 'count', 'observed_data_refs', 'where_sighted_refs'],
  },
  url: { required: ['value'], optional: [] },
  'domain-name': { required: ['value'], optional: [] },
  'ipv4-addr': { required: ['value'], optional: [] },
  'ipv6-addr': { required: ['value'], optional: [] },
  'email-addr': { required: ['value'], optional: ['display_name'] },
  'email-message': {
    required: ['is_multipart'],
    optional: ['date', 'subject', 'message_id', 'from_ref', 'to_refs'],
  },
  file: { required: [], optional: ['hashes', 'size', 'name'], some: ['hashes', 'name'] },
  process: {
    required: [],
    optional: ['pid', 'command_line', 'created_time', 'extensions'],
    some: ['pid', 'command_line', 'created_time', 'extensions'],
  },
  software: { required: ['name'], optional: ['version'] },
  'user-account': {
    required: [],
    optional: ['user_id', 'account_login', 'display_name'],
    some: ['user_id', 'account_login', 'display_name'],
  },
  'windows-registry-key': { required: [], optional: ['key', 'values'], some: ['key', 'values'] },
}
const TIMES = new Set([
  'created',
  'modified',
  'valid_from',
  'first_observed',
  'last_observed',
  'start_time',
  'stop_time',
  'first_seen',
  'last_seen',
  'date',
  'created_time',
])
const HASHES = new Map([
  ['MD5', 32],
  ['SHA-1', 40],
  ['SHA-256', 64],
])
/** Section 9, the comparisons that we write: one observable, one value in quotes with `\` before quotes and backslashes. */
const PATTERN =
  /^\[(url:value|domain-name:value|ipv[46]-addr:value|file:hashes\.(?:'SHA-256'|'SHA-1'|MD5)) = '(?:[^'\\]|\\['\\])*'\]$/

/** What is wrong with one object by itself. */
export function faultsOf(object: StixObject): string[] {
  const rule = RULES[object.type]
  if (rule === undefined) return [`type ${object.type}`]
  const isObservable = OBSERVABLES.has(object.type)
  const allowed = new Set([
    ...(isObservable ? ['type', 'spec_version', 'id'] : COMMON),
    ...rule.required,
    ...rule.optional,
  ])
  const faults: string[] = []
  if (ID.exec(object.id)?.[1] !== object.type) faults.push('id')
  if (object['spec_version'] !== '2.1') faults.push('spec_version')
  const required = isObservable ? rule.required : ['created', 'modified', ...rule.required]
  for (const name of required) if (!(name in object)) faults.push(`${name} is missing`)
  if (rule.some && !rule.some.some((name) => name in object)) faults.push('is empty')
  for (const [name, value] of Object.entries(object)) {
    if (!allowed.has(name) || !PROPERTY.test(name)) faults.push(`${name} is not of this type`)
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0))
      faults.push(`${name} is empty`)
    if (TIMES.has(name) && !TIME.test(String(value))) faults.push(`${name} is no time`)
  }
  const before = (a: string, b: string) => String(object[a] ?? '') > String(object[b] ?? '~')
  if (
    before('created', 'modified') ||
    before('first_observed', 'last_observed') ||
    before('first_seen', 'last_seen')
  )
    faults.push('ends before it begins')
  if ('stop_time' in object && !(String(object['stop_time']) > String(object['start_time'])))
    faults.push('stop_time')
  const confidence = object['confidence']
  if (
    confidence !== undefined &&
    !(Number.isInteger(confidence) && Number(confidence) >= 0 && Number(confidence) <= 100)
  )
    faults.push('confidence')
  const counter = object['number_observed'] ?? object['count'] ?? 1
  if (!(Number.isInteger(counter) && Number(counter) >= 1 && Number(counter) <= 999_999_999))
    faults.push('counter')
  if (object.type === 'indicator' && !PATTERN.test(String(object['pattern']))) faults.push('pattern')
  if (object.type === 'relationship' && !/^[a-z0-9-]+$/.test(String(object['relationship_type'])))
    faults.push('relationship_type')
  if (object.type === 'url' && !URL.canParse(String(object['value']))) faults.push('value')
  if (object.type === 'url' && !/^[\x21-\x7e]+$/.test(String(object['value']))) faults.push('value is no URI')
  // Section 6.16: the hive is not shortened.
  if ('key' in object && !/^HKEY_[A-Z_]+(?:\\|$)/.test(String(object['key']))) faults.push('key')
  for (const [name, hash] of Object.entries((object['hashes'] ?? {}) as Record<string, string>))
    if (!new RegExp(`^[0-9a-f]{${HASHES.get(name) ?? 0}}$`).test(hash)) faults.push(`hash ${name}`)
  return faults.map((fault) => `${object.id}: ${fault}`)
}

/** What is wrong between objects: ids twice, references to nothing, references to what may not stand there. */
export function faultsBetween(objects: readonly StixObject[]): string[] {
  const byId = new Map(objects.map((object) => [object.id, object]))
  const faults = objects.length === byId.size ? [] : ['an id stands twice']
  for (const object of objects)
    for (const [name, value] of Object.entries(object)) {
      if (!/_refs?$/.test(name)) continue
      for (const ref of [value].flat() as string[]) {
        const type = ref.slice(0, ref.indexOf('--'))
        if (!byId.has(ref)) faults.push(`${object.id}: ${name} leads to nothing`)
        if (name === 'object_refs' && !OBSERVABLES.has(type) && type !== 'relationship')
          faults.push(`${object.id}: ${name} may not hold ${type}`)
        if ((name === 'source_ref' || name === 'target_ref') && ['relationship', 'sighting'].includes(type))
          faults.push(`${object.id}: ${name} may not be ${type}`)
        if (name === 'observed_data_refs' && type !== 'observed-data') faults.push(`${object.id}: ${name}`)
        if (name === 'where_sighted_refs' && type !== 'identity') faults.push(`${object.id}: ${name}`)
        if (name === 'from_ref' && type !== 'email-addr') faults.push(`${object.id}: ${name}`)
      }
    }
  return faults
}
