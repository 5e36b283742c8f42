import { defineHandlers } from '../jobs/handlers.ts'
import { campaignMessages, listCampaigns } from './campaigns.ts'
import { getMessage } from './message-detail.ts'
import { listMessages } from './message-list.ts'

/** Messages, their recipients and campaigns. */
export default defineHandlers({
  'mail.list': ({ db, now }, input) => listMessages(db, now(), input),
  'mail.get': ({ db, now }, input) => getMessage(db, now(), Number(input.id)),
  'mail.campaigns': ({ db, now }, input) => listCampaigns(db, now(), input),
  'mail.campaign': ({ db, now }, input) => ({
    messages: [...campaignMessages(db, now(), input)].sort((a, b) => a - b).map(String),
  }),
})
