/**
 * Of a copy that no mailbox got (quarantined on the way in): whose it was, when its envelope names one recipient alone, or the whole
 * row does. SQL; its parameter is the row id of the copy.
 */
export const ONLY_RECIPIENT = `SELECT CASE WHEN count(DISTINCT address) = 1 THEN min(address)
    WHEN count(DISTINCT CASE role WHEN 'envelope' THEN address END) = 1 THEN min(CASE role WHEN 'envelope' THEN address END) END
  FROM message_recipient WHERE message = ?`
