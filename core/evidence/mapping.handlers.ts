import { defineHandlers } from '../jobs/handlers.ts'
import { listMappings } from '../store/evidence.ts'
import { readInfo } from '../store/case-info.ts'
import { previewFor, proposeFor } from './mapping-preview.ts'

export default defineHandlers({
  'mapping.propose': (context, { grant, zone, kind, passwords }) =>
    proposeFor(
      { path: context.resolveGrant(grant, 'read'), passwords: passwords ?? [] },
      zone ?? readInfo(context.db, 'zone') ?? 'UTC',
      kind ?? null,
    ),
  'mapping.list': ({ db }) => listMappings(db),
  'mapping.preview': (context, { grant, mapping, zone, passwords }) =>
    previewFor(
      { path: context.resolveGrant(grant, 'read'), passwords: passwords ?? [] },
      mapping,
      zone ?? readInfo(context.db, 'zone') ?? 'UTC',
    ),
})
