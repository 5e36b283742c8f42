import type { EventKind } from '../model/event.ts'
import { defangUrl } from '../normalise/defang.ts'

type Fields = Readonly<Record<string, string | number>>

/** Longest summary shown in a row; the fields have the whole text. */
const MAX_SUMMARY = 240

const last = (path: string | number | undefined) =>
  path === undefined ? undefined : (String(path).split(/[\\/]/).at(-1) ?? '')
const join = (...parts: (string | number | undefined)[]) =>
  parts.filter((part) => part !== undefined && part !== '').join(' ')
const arrow = (from: string | number | undefined, to: string | number | undefined) =>
  from === undefined || from === ''
    ? join(to)
    : to === undefined || to === ''
      ? join(from)
      : `${from} → ${to}`
const endpointOf = (
  ip: string | number | undefined,
  port: string | number | undefined,
  name: string | number | undefined,
) => {
  const address = ip === undefined ? undefined : port === undefined ? String(ip) : `${ip}:${port}`
  return name === undefined ? address : address === undefined ? String(name) : `${name} (${address})`
}

/** One line made of names, paths and addresses: the same in every language. URLs are defanged. */
export function summarise(kind: EventKind, fields: Fields): string {
  const process = last(fields['process.executable'])
  const text = lineOf(kind, fields, process)
  const line =
    text === '' ? join(fields['event.provider'], fields['event.code'], fields['event.detail']) : text
  return line.length > MAX_SUMMARY ? `${line.slice(0, MAX_SUMMARY - 1)}…` : line
}

function lineOf(kind: EventKind, f: Fields, process: string | undefined): string {
  const account = f['user.name'] ?? f['user.email']
  const url = f['url.full'] === undefined ? undefined : defangUrl(String(f['url.full']))
  const target = f['target.path']
  switch (kind) {
    case 'process-start':
      return arrow(last(f['process.parent.executable']), f['process.command_line'] ?? process)
    case 'process-end':
    case 'process-tamper':
      return join(process, f['process.pid'])
    case 'process-access':
    case 'remote-thread':
    case 'image-load':
    case 'driver-load':
    case 'raw-disk-read':
      return arrow(process, last(target))
    case 'file-create':
    case 'file-delete':
    case 'file-time-change':
    case 'file-modify':
    case 'file-rename':
    case 'file-read':
    case 'registry-delete':
    case 'pipe-create':
    case 'pipe-connect':
    case 'registry-key':
    case 'registry-rename':
      return arrow(process, target)
    case 'file-stream':
      return join(arrow(process, target), url === undefined ? undefined : `← ${url}`)
    case 'registry-set':
      return join(
        arrow(process, target),
        f['event.detail'] === undefined ? undefined : `= ${f['event.detail']}`,
      )
    case 'network-connection':
    case 'network-bind':
      return arrow(
        process ?? endpointOf(f['source.ip'], f['source.port'], f['source.host']),
        endpointOf(f['destination.ip'], f['destination.port'], f['destination.host']),
      )
    case 'dns-query':
      return join(
        arrow(process, target),
        f['event.detail'] === undefined ? undefined : `= ${f['event.detail']}`,
      )
    case 'logon':
    case 'logon-failure':
    case 'session-connect':
    case 'kerberos-tgt':
    case 'kerberos-service':
    case 'kerberos-failure':
    case 'ntlm-validation':
      return join(
        arrow(endpointOf(f['source.ip'], undefined, f['source.host']), account),
        f['logon.type'] === undefined ? undefined : `(${f['logon.type']})`,
        target,
        f['event.status'],
      )
    case 'explicit-credentials':
      return join(
        arrow(account, f['target.user.name']),
        f['destination.host'] === undefined ? undefined : `@ ${f['destination.host']}`,
        process,
      )
    case 'share-access':
    case 'share-change':
      return join(arrow(f['source.ip'], target), account)
    case 'service-install':
    case 'task-create':
    case 'task-change':
      return join(target, f['event.detail'] === undefined ? undefined : `= ${f['event.detail']}`)
    case 'script-block':
      return join(f['event.detail'])
    case 'mail-delivered':
      return join(arrow(f['email.from'], f['user.name'] ?? f['email.to']), f['email.subject'])
    // Who acts is the sender here.
    case 'mail-sent':
      return join(arrow(f['email.from'] ?? f['user.name'], f['email.to']), f['email.subject'])
    case 'url-click':
      return join(account, url, f['event.action'])
    case 'http-request':
    case 'tls-connection':
      return join(
        arrow(
          process ?? account ?? endpointOf(f['source.ip'], undefined, f['source.host']),
          join(f['http.request.method'], url ?? f['destination.host'] ?? f['destination.ip']),
        ),
        f['http.response.status_code'],
      )
    case 'alert':
      return join(
        f['event.severity'] === undefined ? undefined : `[${f['event.severity']}]`,
        f['rule.name'] ?? f['event.action'],
        f['threat.technique.id'],
        process ?? target ?? url,
      )
    case 'cloud-sign-in':
      return join(
        arrow(join(f['source.ip'], f['source.geo.name']), account),
        f['application.name'],
        f['event.outcome'],
      )
    case 'cloud-activity':
    case 'mailbox-access':
    case 'mailbox-change':
    case 'mailbox-rule':
    case 'mail-removed':
    case 'mail-released':
      return join(
        arrow(account, join(f['event.action'], target ?? f['email.subject'])),
        f['email.to'] === undefined ? undefined : `→ ${f['email.to']}`,
      )
    case 'inventory':
    case 'address-lease':
      return join(f['host.name'], f['host.ip'] ?? f['source.ip'], account, target, f['event.detail'])
    case 'directory-query':
      return join(arrow(account ?? process, target), f['event.detail'])
    case 'malware-detected':
    case 'malware-action':
      return join(f['event.detail'], target)
    case 'account-create':
    case 'account-change':
    case 'account-delete':
    case 'password-change':
    case 'group-change':
      return join(arrow(account, f['target.user.name'] ?? target), f['event.detail'])
    default:
      return join(account, process, target, f['event.detail'])
  }
}
