import type { EventFields } from '../../model/event.ts'
import { toAddressKey, toMessageId } from '../../normalise/mail.ts'
import { joined, techniquesOf } from '../endpoint/values.ts'
import { isObject, member, scalarText } from '../json/parse-object.ts'
import type { EcsDocument } from './document.ts'

/** What a detection said: rule, severity in its own words, techniques. */
export function verdict(document: EcsDocument): EventFields {
  return {
    rule: joined([
      document.text('kibana.alert.rule.name', 'rule.name', 'signal.rule.name', 'threat.indicator.name'),
    ]),
    severity: document.text(
      'kibana.alert.severity',
      'signal.rule.severity',
      'event.severity_name',
      'log.syslog.severity.name',
      'event.severity',
    ),
    technique: techniquesOf([
      ...document.list('threat.technique.id'),
      ...document.list('threat.technique.subtechnique.id'),
      ...threatTechniques(document),
    ]),
  }
}

/** Detection engines write a list of threats, each with a list of techniques. */
function threatTechniques(document: EcsDocument): string[] {
  const threats = ['kibana.alert.rule.threat', 'signal.rule.threat', 'threat'].flatMap((name) => {
    const value = document.value(name)
    return Array.isArray(value) ? (value as readonly unknown[]).slice(0, 50) : []
  })
  return threats.flatMap((threat) => {
    const techniques = member(threat, 'technique')
    return (Array.isArray(techniques) ? (techniques as readonly unknown[]) : [techniques])
      .slice(0, 50)
      .flatMap((technique) => {
        const inner = member(technique, 'subtechnique')
        return [technique, ...(Array.isArray(inner) ? (inner as readonly unknown[]) : [])].flatMap(
          (one) => scalarText(member(one, 'id')) ?? [],
        )
      })
  })
}

/** The message an event of a mail gateway is about. */
export function mail(document: EcsDocument): EventFields {
  if (
    !document.has('email.message_id') &&
    !document.has('email.from.address') &&
    !document.has('email.subject')
  )
    return {}
  const attachments = document.value('email.attachments')
  const names = (Array.isArray(attachments) ? (attachments as readonly unknown[]) : [attachments])
    .slice(0, 100)
    .filter(isObject)
    .map((one) => scalarText(member(member(one, 'file'), 'name') ?? member(one, 'file.name')))
  const address = (text: string): string => toAddressKey(text) ?? text
  return {
    messageId: toMessageId(document.text('email.message_id')) ?? undefined,
    networkMessageId: document.text('email.local_id'),
    sender: document.list('email.from.address').map(address)[0] ?? document.text('email.sender.address'),
    recipient: joined(
      [...document.list('email.to.address'), ...document.list('email.cc.address')].map(address),
    ),
    subject: document.text('email.subject'),
    attachment: joined([...names, ...document.list('email.attachments.file.name')]),
  }
}
