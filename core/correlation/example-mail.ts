import type { DirectoryItem } from '../model/directory.ts'
import type { MessageItem } from '../model/message.ts'

/** The morning of {@link exampleEvent}: 2026-03-10T08:00:00Z in microseconds. */
const MORNING = Date.UTC(2026, 2, 10, 8) * 1000

/** A message of a rule's example, delivered so many seconds into the morning. */
export function exampleMessage(
  seconds: number,
  facts: Partial<MessageItem> & { mailbox?: string },
): MessageItem {
  const at = MORNING + seconds * 1e6
  return {
    type: 'message',
    messageId: 'm1@out.example',
    subject: 'Invoice',
    from: { address: 'billing@out.example' },
    replyTo: [],
    recipients: facts.mailbox === undefined ? [] : [{ address: facts.mailbox, role: 'to' }],
    sentAt: at - 5e6,
    deliveredAt: at,
    headers: [],
    authentication: {},
    urls: [],
    attachments: [],
    references: [],
    ...facts,
  }
}

/** A row that tells of one link of a message alone, as tables of mail products do: it names neither sender nor recipients. */
export const exampleLink = (seconds: number, uniqueId: string, url: string): MessageItem => ({
  ...exampleMessage(seconds, {
    uniqueId,
    messageId: null,
    subject: '',
    from: null,
    urls: [{ url, where: 'body' }],
  }),
  deliveredAt: null,
})

/** A directory user `CORP\name` with the address `name@corp.example`. */
export function exampleUser(name: string, rid: number): DirectoryItem {
  return {
    type: 'directory',
    kind: 'user',
    objectId: `S-1-5-21-1-2-3-${rid}`,
    sid: `S-1-5-21-1-2-3-${rid}`,
    name: `${name.toUpperCase()}@CORP.EXAMPLE`,
    displayName: name,
    samAccountName: name,
    upn: `${name}@corp.example`,
    mail: `${name}@corp.example`,
    domain: 'corp.example',
    netbiosDomain: 'CORP',
    edges: [],
  }
}

/** A directory domain with the SID `S-1-5-21-1-2-<part>`. */
export function exampleDomain(name: string, part: number): DirectoryItem {
  return {
    type: 'directory',
    kind: 'domain',
    objectId: `S-1-5-21-1-2-${part}`,
    sid: `S-1-5-21-1-2-${part}`,
    dn: name
      .split('.')
      .map((label) => `DC=${label}`)
      .join(','),
    name: name.toUpperCase(),
    domain: name,
    isHighValue: true,
    edges: [],
  }
}
