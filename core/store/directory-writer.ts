import type { DirectoryItem } from '../model/directory.ts'
import type { WriteStore } from './store.ts'

const insertObject = `INSERT INTO directory_object (evidence_id, record, kind, object_id, sid, dn, domain, item, collected_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
const insertEdge = `INSERT INTO directory_edge (evidence_id, record, relation, from_ref, to_ref, inherited) VALUES (?, ?, ?, ?, ?, ?)`

/** Writes one directory object with the rights it states. */
export class DirectoryWriter {
  readonly #object
  readonly #edge
  constructor(db: WriteStore) {
    this.#object = db.prepare(insertObject)
    this.#edge = db.prepare(insertEdge)
  }
  add(evidenceId: number, record: number, item: DirectoryItem): void {
    const { edges, ...facts } = item
    this.#object.run(
      evidenceId,
      record,
      item.kind,
      item.objectId,
      item.sid ?? null,
      item.dn?.toLowerCase() ?? null,
      item.domain ?? null,
      JSON.stringify(facts),
      item.collectedAt ?? null,
    )
    for (const edge of edges) {
      this.#edge.run(evidenceId, record, edge.right, edge.from, edge.to, edge.isInherited === true ? 1 : 0)
    }
  }
}
