import { present } from '../../normalise/placeholder.ts'
import { DottedRecord } from '../endpoint/dotted-record.ts'
import { isObject, type JsonObject, member, scalarText } from '../json/parse-object.ts'

/** A document of the Elastic Common Schema, taken out of the search hit it was exported in (formats.md A7.1). */
export class EcsDocument extends DottedRecord {
  /** Index and id of the document in its cluster, when it was exported with them. */
  readonly id: string | undefined

  /** A Windows event as Winlogbeat and Elastic Agent write it; another importer knows these. */
  get isWindowsEvent(): boolean {
    return WINLOG.some((name) => this.has(name))
  }

  constructor(object: JsonObject) {
    super(contentOf(object))
    const id = present(scalarText(member(object, '_id')))
    this.id = id === undefined ? undefined : `${present(scalarText(member(object, '_index'))) ?? ''}|${id}`
  }
}

const WINLOG = ['winlog', 'winlog.event_id', 'winlog.channel', 'winlog.provider_name'] as const

function contentOf(object: JsonObject): JsonObject {
  const source = member(object, '_source')
  if (isObject(source)) return source
  const fields = member(object, 'fields')
  return isObject(fields) && Object.hasOwn(object, '_id') ? fields : object
}
