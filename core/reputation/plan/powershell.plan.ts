import type { PlanItem } from '../../contract/nouns/plan.ts'
import type { PlanExporter } from './exporter.ts'

/**
 * A text as a PowerShell literal. Between single quotes nothing is expanded; PowerShell takes the typographic quotes U+2018 to
 * U+201B for single quotes too, so each of them is doubled. Control characters and line separators become a blank: none belongs
 * into an address or a subject, and a line break would leave a comment.
 */
export const quote = (text: string): string => `'${flat(text).replace(/['\u2018-\u201b]/g, '$&$&')}'`

/** One line without control, format and line-separating characters (bidirectional overrides would show another line). */
const flat = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')

/** A comment; `#>` could end a block comment of somebody who wraps the file in one. */
const comment = (text: string): string => `# ${flat(text).replaceAll('#>', '# >').replaceAll('<#', '< #')}`

/** A text inside a query of a content search: between double quotes, which it must not hold itself. */
const phrase = (text: string): string =>
  `"${flat(text)
    .replace(/["\u201c-\u201f]/g, ' ')
    .trim()}"`

const host = 'redthread'

/** Commands of one step; undefined when no cmdlet does it. */
function commandsFor({ id, action, target }: PlanItem): readonly string[] | undefined {
  switch (action) {
    case 'quarantine-message':
    case 'delete-message': {
      if (target.mailbox === null || target.subject === null || target.subject.trim() === '') return undefined
      const query = [
        `subject:${phrase(target.subject)}`,
        ...(target.sender === null ? [] : [`from:${phrase(target.sender)}`]),
        ...(target.deliveredAt === null ? [] : [`received:${target.deliveredAt.slice(0, 10)}`]),
      ].join(' AND ')
      const name = quote(`${host}-${id}`)
      return [
        ...(action === 'quarantine-message'
          ? ['# No cmdlet quarantines a delivered message: a soft delete can be undone like a quarantine.']
          : []),
        ...(target.messageId === null
          ? []
          : [comment(`Message-ID <${target.messageId}>: check that the search finds this one.`)]),
        `New-ComplianceSearch -Name ${name} -ExchangeLocation ${quote(target.mailbox)} -ContentMatchQuery ${quote(query)}`,
        `Start-ComplianceSearch -Identity ${name}`,
        // A search runs on by itself; an action on one that has not ended is refused.
        `while ((Get-ComplianceSearch -Identity ${name}).Status -in 'NotStarted', 'Starting', 'InProgress') { Start-Sleep -Seconds 5 }`,
        `New-ComplianceSearchAction -SearchName ${name} -Purge -PurgeType SoftDelete`,
      ]
    }
    case 'restore-message':
      return target.messageId === null || target.mailbox === null
        ? undefined
        : [
            `Get-QuarantineMessage -MessageId ${quote(`<${target.messageId}>`)} -RecipientAddress ${quote(target.mailbox)} | Release-QuarantineMessage -User ${quote(target.mailbox)}`,
          ]
    case 'block-url': {
      // The list knows no query: without one a page is blocked whole, and a start page would be the site (W2).
      const whole = target.url?.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/#.*$/s, '') ?? ''
      const entry = whole.replace(/\?.*$/s, '')
      const isCut = entry !== whole
      if (entry === '' || /[*~\s]/.test(entry) || (isCut && /^[^/]*\/?$/.test(entry))) return undefined
      return [
        ...(isCut ? [comment('The list takes no query: this blocks the page whatever its query.')] : []),
        `New-TenantAllowBlockListItems -ListType Url -Block -Entries ${quote(entry)} -NoExpiration`,
      ]
    }
    case 'reset-account':
      return target.account === null
        ? undefined
        : [
            `Update-MgUser -UserId ${quote(target.account)} -PasswordProfile @{ ForceChangePasswordNextSignIn = $true }`,
          ]
    case 'revoke-sessions':
      return target.account === null
        ? undefined
        : [`Revoke-MgUserSignInSession -UserId ${quote(target.account)}`]
    case 'remove-inbox-rule':
      return target.inboxRule === null || target.mailbox === null
        ? undefined
        : [`Remove-InboxRule -Mailbox ${quote(target.mailbox)} -Identity ${quote(target.inboxRule)}`]
    default:
      return undefined
  }
}

export default {
  id: 'powershell',
  extension: 'ps1',
  texts: {
    en: {
      title: 'PowerShell (Exchange Online)',
      description:
        'A script for Exchange Online, compliance search and Microsoft Graph PowerShell. It does nothing until its first line is changed.',
    },
    'zh-TW': {
      title: 'PowerShell（Exchange Online）',
      description:
        '供 Exchange Online、合規性搜尋與 Microsoft Graph PowerShell 使用的指令碼。在變更第一行之前，不會執行任何動作。',
    },
    ja: {
      title: 'PowerShell (Exchange Online)',
      description:
        'Exchange Online、コンプライアンス検索、Microsoft Graph PowerShell 向けのスクリプトです。先頭の行を変えるまでは何も実行しません。',
    },
  },
  write(items, { at, caseName, words }) {
    const lines = [
      // -WhatIf is no guard: Security & Compliance cmdlets ignore it, and a script's preference does not reach the functions
      // of the Exchange module. The file itself stops.
      '$CarryOut = $false # Read the steps below, then set this to $true to do them.',
      "if (-not $CarryOut) { Write-Warning 'Nothing was done: $CarryOut is $false.'; return }",
      "$ErrorActionPreference = 'Stop'",
      comment(`Remediation plan of ${caseName}, written ${at} by Redthread, which carries nothing out.`),
      '# Needs: Connect-ExchangeOnline; Connect-IPPSSession; Connect-MgGraph -Scopes User.ReadWrite.All',
    ]
    const leftIds: string[] = []
    for (const item of items) {
      lines.push('', comment(`${item.id} ${item.action}: ${words(item)}`))
      const commands = commandsFor(item)
      if (commands === undefined) {
        leftIds.push(item.id)
        const { mailbox, account, endpoint, url } = item.target
        lines.push(
          comment(
            `By hand: no cmdlet does this. ${[mailbox, account, endpoint, url].filter(Boolean).join(' ')}`,
          ),
        )
      } else lines.push(...commands)
    }
    // A byte order mark: without it Windows PowerShell 5.1 reads other letters than were written.
    return {
      text: `\ufeff${lines.join('\r\n')}\r\n`,
      items: items.length - leftIds.length,
      left: leftIds.length,
      leftIds,
    }
  },
} satisfies PlanExporter
