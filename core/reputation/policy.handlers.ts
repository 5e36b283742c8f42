import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { parseIso } from '../store/time.ts'
import { replayClicks } from './click-replay.ts'
import { previewNotifications, writeNotificationDrafts } from './notification-drafts.ts'
import { SERVICES } from './policy-document.ts'
import { notePolicy } from './policy-parse.ts'
import { getPolicy, listPolicies, setPolicy } from './policy-stored.ts'

/** Policies of the case, and what follows from them: clicks replayed, notifications drafted. */
export default defineHandlers({
  'policy.get'({ db, now }, { name, at, service }) {
    const time = at == null ? undefined : parseIso(at)
    if (at != null && time === undefined) throw new WorkbenchError('request.invalid', { field: 'at' })
    if (service != null && !SERVICES.some((one) => one === service))
      throw new WorkbenchError('request.invalid', { field: 'service', problem: service, allowed: SERVICES })
    return getPolicy(db, { name: name ?? undefined, at: time, service: service ?? undefined }, now())
  },
  'policy.list': ({ db, now }) => listPolicies(db, now()),
  'policy.set'(context, input) {
    const policy = setPolicy(context, input.policy)
    context.changed('policy', 'audit')
    return { policy, notes: notePolicy(input.policy) }
  },
  'click.replay': ({ db }, input) => replayClicks(db, input),
  'notification.drafts': (context, input) => writeNotificationDrafts(context, input),
  'notification.preview': (context, input) => previewNotifications(context, input),
})
