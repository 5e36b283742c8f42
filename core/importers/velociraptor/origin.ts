import type { EventFields } from '../../model/event.ts'
import { toHost } from '../../normalise/host.ts'
import type { ArtifactRow } from '../artifact/row.ts'

/** What the server adds to every row: where it came from. */
export function originOf(row: ArtifactRow, artifact: string): EventFields {
  return {
    provider: row.text('_Source', 'Artifact') ?? artifact,
    host: toHost(row.text('Fqdn', 'FQDN', 'Hostname', 'HostName', 'Computer')),
    hostId: row.text('ClientId', 'client_id'),
  }
}
