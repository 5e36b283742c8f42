import { present } from '../../normalise/placeholder.ts'

/** Where a downloaded file came from, as the browser or mail program noted it beside the file. */
export interface ZoneIdentifier {
  readonly hostUrl?: string | undefined
  readonly referrerUrl?: string | undefined
}

/** Reads `[ZoneTransfer]` text; Sysmon cuts it and joins lines with CR LF or blanks, so keys are searched, not lines. */
export function parseZoneIdentifier(contents: string | undefined): ZoneIdentifier {
  if (contents === undefined || !contents.includes('Url=')) return {}
  const value = (key: string): string | undefined =>
    usable(new RegExp(`(?:^|[\\s\\]])${key}=([^\\s]*)`, 'i').exec(contents)?.[1])
  return { hostUrl: value('HostUrl'), referrerUrl: value('ReferrerUrl') }
}

function usable(url: string | undefined): string | undefined {
  const text = present(url)
  // Browsers write about:internet where they do not tell the page.
  return text === undefined || /^about:/i.test(text) ? undefined : text
}
