/** Everything the feed lists spreads malware (W7); a threat it names otherwise is a step below. */
export const URLHAUS_LEVELS = {
  malware_download: 'dangerous',
  '': 'dangerous',
  '*': 'highly-suspicious',
} as const
