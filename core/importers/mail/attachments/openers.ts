import type { AttachmentOpener } from '../content-reading.ts'
import { mimeOpener } from '../mime-content.ts'
import { msgOpener } from './msg.ts'
import { pdfOpener } from './pdf.ts'
import { pictureOpener } from './picture.ts'
import { rtfOpener } from './rtf.ts'
import { searchedOpener } from './searched.ts'
import { textOpener } from './text.ts'
import { tnefOpener } from './tnef.ts'
import { officeOpener, zipOpener } from './zip-files.ts'

/** Who opens which kind of attachment, most particular first. */
export const attachmentOpeners: readonly AttachmentOpener[] = [
  mimeOpener,
  tnefOpener,
  msgOpener,
  pictureOpener,
  pdfOpener,
  rtfOpener,
  searchedOpener,
  officeOpener,
  zipOpener,
  textOpener,
]
