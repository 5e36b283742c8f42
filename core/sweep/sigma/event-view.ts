import type { EventFieldName } from '../../model/event.ts'
import { FIELD_LIMIT } from '../../store/event-writer.ts'
import type { RecordView } from './evaluate.ts'
import { rawFields } from './raw-fields.ts'

/**
 * Fields of Sigma's Windows taxonomy by the field of an event that holds the same text (formats.md D5). What normalising may
 * have changed or left out (`User` of a token, hex numbers) is asked of the raw record instead.
 */
const FIELDS: Readonly<Record<string, EventFieldName>> = {
  eventid: 'code',
  channel: 'channel',
  provider_name: 'provider',
  image: 'processPath',
  newprocessname: 'processPath',
  sourceimage: 'processPath',
  commandline: 'commandLine',
  processcommandline: 'commandLine',
  parentimage: 'parentPath',
  parentprocessname: 'parentPath',
  parentcommandline: 'parentCommandLine',
  originalfilename: 'originalName',
  targetfilename: 'target',
  targetimage: 'target',
  imageloaded: 'target',
  targetobject: 'target',
  pipename: 'target',
  queryname: 'target',
  query: 'target',
  scriptblocktext: 'detail',
  destinationip: 'destinationIp',
  destinationport: 'destinationPort',
  destinationhostname: 'destinationHost',
  sourceip: 'sourceIp',
  sourceport: 'sourcePort',
  user: 'account',
  'c-uri': 'url',
  'cs-host': 'destinationHost',
  'r-dns': 'destinationHost',
  'c-useragent': 'userAgent',
  'cs-method': 'httpMethod',
  'sc-status': 'httpStatus',
}
/** Fields of events that rules may ask for. */
export const SIGMA_COLUMNS: readonly EventFieldName[] = [...new Set(Object.values(FIELDS))]

/** Names under which the raw records of other products hold what Sigma calls by a Windows name. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  image: ['newprocessname', 'executable', 'filename'],
  commandline: ['processcommandline', 'command_line'],
  parentimage: ['parentprocessname'],
  eventid: ['event_id'],
  provider_name: ['providername', 'provider'],
  computername: ['computer', 'devicename', 'hostname'],
}

/**
 * An event as a rule sees it: first by its stored fields, then, when these do not tell, by its raw record.
 * Nothing is undecided once the raw record was opened: a field it does not hold is absent.
 */
export class EventView implements RecordView {
  readonly #stored: (field: EventFieldName) => string | undefined
  #raw: ReadonlyMap<string, readonly string[]> | undefined
  #text: string | undefined
  #isOpen = false

  /** @param stored text of a stored field, undefined when the event has none */
  constructor(stored: (field: EventFieldName) => string | undefined) {
    this.#stored = stored
  }

  /** Puts the raw record behind the stored fields. */
  open(raw: string): void {
    this.#text = raw
    this.#raw = rawFields(raw)
    this.#isOpen = true
  }

  values(field: string): readonly string[] | null | undefined {
    const name = field.toLowerCase()
    const raw = this.#raw
    if (raw !== undefined) {
      const found = [name, ...(SAME[name] ?? [])].flatMap((one) => raw.get(one) ?? [])
      if (found.length > 0) return found
    }
    const known = FIELDS[name]
    const value = known === undefined ? undefined : this.#stored(known)
    if (value !== undefined && (value.length < FIELD_LIMIT || this.#isOpen)) return [value]
    return this.#isOpen ? null : undefined
  }

  text(): string | undefined {
    return this.#text
  }
}
