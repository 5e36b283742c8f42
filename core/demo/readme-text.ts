import { COMPANY } from './company.ts'
import { ISOLATED_AT } from './story-document.ts'

/** The note beside the demo evidence. */
export const README_TEXT = `Redthread demo evidence

All of this is invented: the company ${COMPANY.name}, its people, computers, mails and the attack on it.
Names end in .example, outside addresses come from the ranges reserved for documentation, and no file
holds anything that can run.

edr/    sensor and audit events as JSON lines (Winlogbeat; one server in the flat NXLog form)
evtx/   event logs of the computers that were looked at closely; one copy broke off
mail/   sweep of the mail scanner, originals (.eml), a journal mailbox (.mbox),
        the log of clicks on links (UrlClickEvents)
ad/     directory: collector archive and ldapsearch output
packs/  two dumps of one reputation feed, two weeks apart, and the mail policy

Period: mail from 23 February to 24 March 2026, endpoints from 9 to 12 March 2026, all times UTC.
The computer of the person who opened the attachment was taken off the network at ${ISOLATED_AT}.
truth.json says what really happened; tests compare the workbench with it.
`
