import { mayHandOutAttachments } from './attachment-hosts.ts'
import { splitStream } from './file-names.ts'
import type { ViewEvent } from './view.ts'

/** The mark and the record of the writing come this close to each other when the one comes before the other. */
const SAME_WRITE_US = 120_000_000
/** A browser makes the file when a download begins and marks it at its end. */
const DOWNLOAD_US = 1_800_000_000
/** The stream that is the mark (Mark of the Web). */
const MARK = /^zone\.identifier$/i

interface Mark {
  readonly at: number
  /** It names a page that hands out no attachments. */
  readonly isElsewhere: boolean
}

/** What files say of where they were downloaded from: a mark that names a page outweighs that an attachment has the same name. */
export class DownloadMarks {
  readonly #byFile = new Map<string, Mark[]>()

  /** The file whose mark an event shows, `undefined` when it shows none: its stream, or the origin in the record of the file. */
  static markedBy({ kind, fields }: ViewEvent): string | undefined {
    if (fields.target === undefined || kind === 'process-start') return undefined
    const { path, stream } = splitStream(fields.target)
    if (stream !== undefined) return MARK.test(stream) ? path : undefined
    return fields.url === undefined ? undefined : path
  }

  /** @param path as {@link DownloadMarks.markedBy} gave it */
  note(event: ViewEvent, path: string): void {
    if (event.at === null) return
    const { url } = event.fields
    const isElsewhere = url !== undefined && mayHandOutAttachments(url) === false
    const key = keyOf(event, path)
    const marks = this.#byFile.get(key) ?? []
    this.#byFile.set(key, marks)
    marks.push({ at: event.at, isElsewhere })
  }

  /** Whether the file that an event is about says that it came from a page that hands out no attachments. */
  isFromElsewhere(event: ViewEvent, path: string): boolean {
    const { at, kind } = event
    const marks = this.#byFile.get(keyOf(event, path))
    if (at === null || !marks) return false
    const isNew = kind === 'file-create' || kind === 'file-rename'
    // A new file has the mark that follows its making; one that was there has the last it was given.
    const mark = isNew
      ? marks
          .filter((one) => one.at >= at - SAME_WRITE_US && one.at <= at + DOWNLOAD_US)
          .reduce<Mark | undefined>((first, one) => (first && first.at <= one.at ? first : one), undefined)
      : marks
          .filter((one) => one.at <= at + SAME_WRITE_US)
          .reduce<Mark | undefined>((last, one) => (last && last.at > one.at ? last : one), undefined)
    return mark?.isElsewhere === true
  }
}

const keyOf = ({ endpointId }: ViewEvent, path: string): string => `${endpointId}|${path.toLowerCase()}`
