/** What looks links up for people: previews, scanners of mail, crawlers. */
const MACHINES =
  /bingpreview|skypeuripreview|slackbot|facebookexternalhit|telegrambot|whatsapp|twitterbot|linkedinbot|google-safety|googlebot|bingbot|barracuda|mimecast|proofpoint|forcepoint|ironport|safelinks|urldefense|microsoft office (?:existence discovery|protocol discovery)|ms-office|python-requests|curl\/|wget\/|go-http-client|headlesschrome|phantomjs|monitoring|uptime/i

/** Whether a program with this user agent looks links up by itself: what it asked for, nobody opened. */
export const isLinkScanner = (userAgent: string | null | undefined): boolean => MACHINES.test(userAgent ?? '')
