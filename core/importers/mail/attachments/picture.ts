import type { AttachmentOpener } from '../content-reading.ts'

/** Pictures may hold QR codes; they are looked at when the rest of the message is read. */
export const pictureOpener: AttachmentOpener = {
  isContainer: false,
  fits: ({ bytes }) =>
    (bytes[0] === 0x89 && bytes[1] === 0x50) ||
    (bytes[0] === 0xff && bytes[1] === 0xd8) ||
    (bytes[0] === 0x47 && bytes[1] === 0x49 && bytes[2] === 0x46) ||
    (bytes[0] === 0x42 && bytes[1] === 0x4d),
  open(file, reading, { holder }) {
    reading.addPicture(file.bytes, holder)
  },
}
