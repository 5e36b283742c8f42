import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'

/** Evidence files of a scenario, in the order in which they are imported. */
export const FILES = ['directory', 'mail', 'clicks', 'proxy', 'leases', 'security', 'sensor'] as const
export type FileName = (typeof FILES)[number]

/** What the sensors wrote down. */
export class Records {
  readonly #files = new Map<FileName, RecordItem[]>(FILES.map((name) => [name, []]))

  add(file: FileName, item: RecordItem): void {
    this.#files.get(file)?.push(item)
  }

  event(file: FileName, kind: EventKind, at: number, fields: EventFields): void {
    this.add(file, { type: 'event', kind, at, fields })
  }

  /** Items of each file in the order of its clock, as a log holds them. */
  files(): { name: FileName; items: RecordItem[] }[] {
    const timeOf = (item: RecordItem): number =>
      item.type === 'event'
        ? (item.at ?? 0)
        : item.type === 'message'
          ? (item.deliveredAt ?? item.sentAt ?? 0)
          : 0
    return [...this.#files].map(([name, items]) => ({
      name,
      items: items
        .map((item, index) => ({ item, index, at: timeOf(item) }))
        .sort((a, b) => a.at - b.at || a.index - b.index)
        .map(({ item }) => item),
    }))
  }
}
