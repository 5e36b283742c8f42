import { baseName } from '../normalise/path.ts'
import { NamedClicks } from './named-clicks.ts'
import { fileOn, proofOf } from './drafts.ts'
import { splitStream } from './file-names.ts'
import { byWeb } from './link-contacts.ts'
import { BY_MARK, BY_STRANGER, cameBefore, isForRecipient, type Link, MailLinks, opened } from './links.ts'
import { isBrowser, isMailClient } from './mail-programs.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** The mail client started the browser with this address. */
const FROM_CLIENT = 0.96
/** A browser was started with this address by something else. */
const BY_BROWSER = 0.85
/** A click log of the mail or proxy product. */
const BY_CLICK_LOG = 0.95

/**
 * Everything that shows a link of a message opened: `clicked-by` and `opened-on`, and `downloaded-to` for what was loaded from the
 * page behind it; reasons of the rule `link.opened`.
 */
export function* openedLinks(view: CorrelationView): Generator<RelationDraft> {
  const links = new MailLinks(view)
  if (!links.isEmpty) yield* byCommandLine(view, links)
  yield* byRecord(view, links)
  if (!links.isEmpty) yield* byWeb(view, links)
}

const URL_IN_TEXT = /(?:https?|ftp):\/\/[^\s"'<>]+/gi
const last = (path: string | undefined): string => baseName(path ?? '')

function* byCommandLine(view: CorrelationView, links: MailLinks): Generator<RelationDraft> {
  for (const event of view.events(['process-start'], ['processPath', 'commandLine', 'parentPath'])) {
    const { commandLine, processPath, parentPath } = event.fields
    if (commandLine === undefined || !commandLine.includes('://')) continue
    const fromClient = isMailClient(parentPath)
    if (!fromClient && !isBrowser(processPath)) continue
    for (const text of commandLine.match(URL_IN_TEXT) ?? []) {
      const link = links.find(text)
      if (!link || !cameBefore(link, event.at)) continue
      const params = { client: last(parentPath), browser: last(processPath) }
      if (fromClient) yield* opened(link, event, FROM_CLIENT, 'mail_client', params)
      else if (isForRecipient(link, event, links.recipients))
        yield* opened(link, event, BY_BROWSER, 'browser', params)
      else yield* opened(link, event, BY_STRANGER, 'stranger', params)
    }
  }
}

const FIELDS = [
  'url',
  'referrer',
  'outcome',
  'networkMessageId',
  'messageId',
  'target',
  'action',
  'detail',
] as const

function* byRecord(view: CorrelationView, links: MailLinks): Generator<RelationDraft> {
  let named: NamedClicks | undefined
  for (const event of view.events(['url-click', 'file-stream', 'file-create'], FIELDS)) {
    const isClick = event.kind === 'url-click'
    // A click that the product blocked opened nothing.
    if (isClick && event.fields.outcome === 'failure') continue
    if (isClick && event.fields.url === undefined && event.fields.messageId !== undefined) {
      yield* (named ??= new NamedClicks(view, links)).of(event)
      continue
    }
    for (const text of [event.fields.url, event.fields.referrer]) {
      const link = text === undefined ? undefined : links.find(text)
      if (!link) continue
      // A click log that names the message needs no clock.
      const isNamed = isClick && event.fields.networkMessageId !== undefined
      if (!isNamed && !cameBefore(link, event.at)) continue
      if (isClick) yield* opened(link, event, BY_CLICK_LOG, 'click_log', {})
      else if (isForRecipient(link, event, links.recipients)) yield* opened(link, event, BY_MARK, 'mark', {})
      else yield* opened(link, event, BY_STRANGER, 'stranger', {})
      if (!isClick && text === event.fields.referrer) yield* loadedFrom(view, link, event)
    }
  }
}

/**
 * The link led to a page, and the file was loaded from there: its mark names the page as referrer, the file's own address is another
 * one, which no mail names. Where both are one, url.download-mark joins them.
 */
function* loadedFrom(view: CorrelationView, link: Link, event: ViewEvent): Generator<RelationDraft> {
  const { target, url, referrer, action } = event.fields
  if (event.endpointId === null || target === undefined || action === 'blocked' || url === referrer) return
  yield {
    kind: 'downloaded-to',
    from: link.entity.id,
    to: fileOn(view.entity(event.endpointId), splitStream(target).path),
    at: event.at,
    confidence: BY_MARK,
    reason: 'mark_page',
    proof: proofOf(event),
  }
}
