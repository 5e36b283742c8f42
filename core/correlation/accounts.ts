import type { BookEntity } from '../identity/entity-book.ts'
import { isSystemAccount, splitAccount } from '../identity/well-known.ts'
import type { CorrelationView } from './view.ts'

/**
 * The user an account name or SID of a record means: `DOMAIN\name`, `name@REALM`, an address, or a SID. Never makes one;
 * undefined for computers, for the system, and for names that several users carry.
 */
export function findAccount(
  view: CorrelationView,
  account: string | undefined,
  sid?: string,
): BookEntity | undefined {
  const bySid = sid === undefined ? undefined : view.book.find('user', 'sid', sid)
  if (bySid || account === undefined || isComputer(account) || isSystemAccount(account)) return bySid
  if (account.includes('@')) {
    const [name = '', realm = ''] = account.toLowerCase().split('@')
    return (
      view.book.find('user', 'upn', account) ??
      view.book.find('user', 'smtp', account) ??
      view.book.find('user', 'account', `${realm}\\${name}`) ??
      view.book.find('user', 'account', `${realm.split('.')[0] ?? ''}\\${name}`)
    )
  }
  return account.includes('\\')
    ? view.book.find('user', 'account', account)
    : view.book.find('user', 'name', account)
}

/** The account as a rule compares it: its name without domain, in lower case. */
export const bareName = (account: string | undefined): string =>
  splitAccount(account ?? '')[1].split('@')[0] ?? ''

/** Computer accounts end with a dollar sign, before a realm too. */
export const isComputer = (account: string): boolean => /\$(?:@|$)/.test(account)

/** A value out of a detail `Name: value; Name: value`. */
export function readDetail(detail: string | undefined, name: string): string | undefined {
  if (detail === undefined) return undefined
  for (const part of detail.split('; ')) {
    const cut = part.indexOf(': ')
    if (cut > 0 && part.slice(0, cut).toLowerCase() === name.toLowerCase()) return part.slice(cut + 2).trim()
  }
  return undefined
}

/** The day of a time, which tells episodes of one detection apart. */
export const dayOf = (at: number | null): string =>
  at === null ? '' : new Date(at / 1000).toISOString().slice(0, 10)
