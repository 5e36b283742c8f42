import { describe, expect, it } from 'vitest'
import { mayHandOutAttachments } from '../../../core/correlation/attachment-hosts.ts'

describe('pages that may hand out attachments', () => {
  it.each([
    'https://mail.google.com/mail/u/0?attid=0.1',
    'https://mail-attachment.googleusercontent.com/attachment/u/0/?ui=2',
    'blob:https://outlook.office.com/5b1f2f60-8d0e-4c2e-9c9b-0a7f2f9d7b11',
    'https://attachments.office.net/owa/ann%40corp.example/service.svc/s/GetFileAttachment',
    'https://webmail.corp.example/?_task=mail&_action=get&_part=2',
    'https://intra.corp.example/owa/attachment.ashx?id=1',
    'https://post.corp.example/zimbra/h/message?id=257&part=2',
    'https://intra.corp.example/?_task=mail&_action=get',
    'https://dhl-portal.mimecast.com/attachments/1',
  ])('are those of webmail and of stores of mail gateways: %s', (url) => {
    expect(mayHandOutAttachments(url)).toBe(true)
  })

  it.each([
    'http://driveby.example/invoice.docm',
    'http://203.0.113.9/owa.docm',
    'https://drive.google.com/uc?id=1',
    'https://mail-google.example/invoice.docm',
    'https://notmail.google.com.evil.example/invoice.docm',
    'https://gmail.example/owabunga/invoice.docm',
    'http://intranet/forms/invoice.docm',
  ])('are not the rest of the web: %s', (url) => {
    expect(mayHandOutAttachments(url)).toBe(false)
  })

  it.each(['about:internet', 'C:\\Users\\ann\\Downloads\\all.zip', '', 'blob:null/1'])(
    'are not known where no page is named: %j',
    (text) => {
      expect(mayHandOutAttachments(text)).toBeUndefined()
    },
  )
})
