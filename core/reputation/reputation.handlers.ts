import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { parseIso } from '../store/time.ts'
import { groupFeeds } from './feed-folder.ts'
import { addPack } from './pack-add.ts'
import { addEach } from './pack-add-each.ts'
import { packReaders } from './packs/registry.ts'
import { listPacks } from './packs-stored.ts'
import { compareRetro } from './retro-compare.ts'
import { getRetroRun, listRetroRuns, runRetro } from './retro-stored.ts'
import { getUrlHistory } from './url-history.ts'
import { listUrls } from './url-list-query.ts'

/** Pattern packs, policy, retro scan and the verdict history of URLs. */
export default defineHandlers({
  async 'pack.add'(context, input) {
    const createdAt = input.createdAt == null ? null : parseIso(input.createdAt)
    if (createdAt === undefined) throw new WorkbenchError('request.invalid', { field: 'createdAt' })
    const given = groupFeeds(input.grants.map((grant) => context.resolveGrant(grant, 'read')))
    // One name and version cannot belong to several packs.
    if (given.length > 1 && input.version != null)
      throw new WorkbenchError('request.invalid', { field: 'version' })
    const stated = {
      name: input.name ?? null,
      version: input.version ?? null,
      createdAt,
      level: input.level ?? null,
      levels: input.levels ?? {},
      all: input.all ?? false,
    }
    return addEach(given, async (one) => {
      context.signal.throwIfAborted()
      const pack = await addPack(context, one, stated)
      context.changed('pack', 'audit')
      return pack
    })
  },
  'pack.formats': () =>
    packReaders.map(({ id, levels }) => ({
      id,
      title: { key: `pack.${id}.title`, params: {} },
      description: { key: `pack.${id}.description`, params: {} },
      levels: { ...levels },
    })),
  'pack.list': ({ db }) => listPacks(db),
  'retro.run'(context, input) {
    const run = runRetro(context, {
      pack: input.pack == null ? null : Number(input.pack),
      base: input.base == null ? null : Number(input.base),
      dryRun: input.dryRun,
    })
    if (!input.dryRun) context.changed('retro', 'audit')
    return run
  },
  'retro.compare': ({ db }, { from, to }) => compareRetro(db, Number(from), Number(to)),
  'retro.list': ({ db }) => listRetroRuns(db),
  'retro.get': ({ db }, input) => getRetroRun(db, Number(input.id)),
  'url.list': ({ db, now }, input) => listUrls(db, now(), input),
  'url.history': ({ db }, input) => getUrlHistory(db, Number(input.id)),
})
