/** Names inside an archive are ours: nothing on disk is ever called what evidence says (TRUST.md threat 7). */
export const CASE_NAME = 'case.redthread'
export const MANIFEST_NAME = 'manifest.json'
export const README_NAME = 'README.txt'
export const evidenceName = (sha256: string): string => `evidence/${sha256}`
export const EVIDENCE_NAME = /^evidence\/[0-9a-f]{64}$/

/** The first bytes of a file that age encrypted. */
export const AGE_MAGIC = 'age-encryption.org/v1\n'

export const README = `This is an archive of a Redthread case.

${CASE_NAME}       the case (SQLite)
${MANIFEST_NAME}        what the case and the originals were: names, sizes, SHA-256
evidence/SHA256      originals of evidence, named by their hash; manifest.json has their names

redthread restore ARCHIVE --out FOLDER unpacks it and compares every file.
Without Redthread: any ZIP program unpacks it. With a passphrase it is an age file:
age --decrypt --output archive.zip ARCHIVE   (https://age-encryption.org)
`
