import { defineHandlers } from '../jobs/handlers.ts'
import { readInfo } from '../store/case-info.ts'
import { previewFor, proposeFor } from './mapping-preview.ts'

export default defineHandlers({
  'mapping.propose': (context, { grant, zone }) =>
    proposeFor(context.resolveGrant(grant, 'read'), zone ?? readInfo(context.db, 'zone') ?? 'UTC'),
  'mapping.preview': (context, { grant, mapping, zone }) =>
    previewFor(context.resolveGrant(grant, 'read'), mapping, zone ?? readInfo(context.db, 'zone') ?? 'UTC'),
})
