import ipaddr from 'ipaddr.js'

/** Ranges of an organisation or a machine: nobody reaches anything by them from elsewhere. */
const INSIDE = new Set([
  'private',
  'uniqueLocal',
  'carrierGradeNat',
  'loopback',
  'linkLocal',
  'multicast',
  'broadcast',
  'unspecified',
])

/** Whether a text is an IP address inside an organisation or a machine; addresses of documentation stand for outside ones. */
export const isInsideAddress = (text: string): boolean =>
  ipaddr.isValid(text) && INSIDE.has(ipaddr.process(text).range())
