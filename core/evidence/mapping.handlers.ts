import { defineHandlers } from '../jobs/handlers.ts'
import { listMappings } from '../store/evidence.ts'
import { readInfo } from '../store/case-info.ts'
import { previewFor, proposeFor } from './mapping-preview.ts'

export default defineHandlers({
  'mapping.propose': (context, { grant, zone, kind }) =>
    proposeFor(
      context.resolveGrant(grant, 'read'),
      zone ?? readInfo(context.db, 'zone') ?? 'UTC',
      kind ?? null,
    ),
  'mapping.list': ({ db }) => listMappings(db),
  'mapping.preview': (context, { grant, mapping, zone }) =>
    previewFor(context.resolveGrant(grant, 'read'), mapping, zone ?? readInfo(context.db, 'zone') ?? 'UTC'),
})
