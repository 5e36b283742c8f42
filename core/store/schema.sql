CREATE TABLE case_info (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  bytes_read INTEGER NOT NULL DEFAULT 0,
  mtime_us INTEGER NOT NULL,
  format TEXT NOT NULL DEFAULT '',
  confidence REAL NOT NULL DEFAULT 0,
  zone TEXT NOT NULL,
  zone_assumed INTEGER NOT NULL DEFAULT 0,
  read INTEGER NOT NULL DEFAULT 0,
  stored INTEGER NOT NULL DEFAULT 0,
  duplicate INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  error TEXT,
  seconds REAL NOT NULL DEFAULT 0,
  imported_at INTEGER NOT NULL,
  path TEXT NOT NULL,
  format_override TEXT,
  cursor TEXT NOT NULL
, choices TEXT NOT NULL DEFAULT '{}') STRICT;

CREATE UNIQUE INDEX evidence_sha256 ON evidence(sha256);

CREATE TABLE issue (
  id INTEGER PRIMARY KEY,
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  locator TEXT NOT NULL,
  code TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  records INTEGER NOT NULL
, record INTEGER) STRICT;

CREATE INDEX issue_evidence ON issue(evidence_id, code, id);

CREATE TABLE raw_block (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  first_record INTEGER NOT NULL,
  records INTEGER NOT NULL,
  data BLOB NOT NULL, keys BLOB,
  PRIMARY KEY (evidence_id, first_record)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_key (
  key BLOB PRIMARY KEY,
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE duplicate_record (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL,
  key BLOB NOT NULL,
  items BLOB NOT NULL,
  PRIMARY KEY (evidence_id, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX duplicate_record_key ON duplicate_record(key);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  at INTEGER,
  kind INTEGER NOT NULL,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  zone_assumed INTEGER NOT NULL DEFAULT 0,
  endpoint_id INTEGER,
  user_id INTEGER,
  provider INTEGER,
  code INTEGER,
  channel INTEGER,
  host INTEGER,
  host_ip INTEGER,
  account INTEGER,
  account_sid INTEGER,
  logon_id INTEGER,
  process_path INTEGER,
  command_line INTEGER,
  pid INTEGER,
  process_guid INTEGER,
  parent_path INTEGER,
  parent_command_line INTEGER,
  parent_pid INTEGER,
  parent_guid INTEGER,
  target INTEGER,
  target_pid INTEGER,
  target_guid INTEGER,
  target_account INTEGER,
  target_sid INTEGER,
  target_logon_id INTEGER,
  sha256 INTEGER,
  sha1 INTEGER,
  md5 INTEGER,
  logon_type INTEGER,
  authentication INTEGER,
  source_ip INTEGER,
  source_port INTEGER,
  source_host INTEGER,
  destination_ip INTEGER,
  destination_port INTEGER,
  destination_host INTEGER,
  url INTEGER,
  referrer INTEGER,
  outcome INTEGER,
  status INTEGER,
  action INTEGER,
  detail INTEGER,
  message_id INTEGER,
  sender INTEGER,
  recipient INTEGER,
  subject INTEGER
, host_id INTEGER, account_id INTEGER, account_mail INTEGER, network_message_id INTEGER, attachment INTEGER, rule INTEGER, severity INTEGER, technique INTEGER, protocol INTEGER, bytes_sent INTEGER, bytes_received INTEGER, http_method INTEGER, http_status INTEGER, user_agent INTEGER, location INTEGER, application INTEGER, original_name INTEGER, integrity INTEGER, session_id INTEGER);

CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  entity_id INTEGER,
  message_id TEXT,
  unique_id TEXT,
  subject TEXT NOT NULL,
  from_address TEXT,
  from_name TEXT,
  reply_to TEXT NOT NULL,
  return_path TEXT,
  mailbox TEXT,
  sent_at INTEGER,
  delivered_at INTEGER,
  source_ip TEXT,
  source_domain TEXT,
  spf TEXT,
  dkim TEXT,
  dmarc TEXT,
  headers TEXT NOT NULL,
  body TEXT,
  recorded_action TEXT,
  in_reply_to TEXT,
  reference_ids TEXT NOT NULL
) STRICT;

CREATE INDEX message_by_id ON message(message_id);

CREATE INDEX message_entity ON message(entity_id, delivered_at, sent_at);

CREATE INDEX message_evidence ON message(evidence_id);

CREATE TABLE message_recipient (
  message INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  name TEXT,
  role TEXT NOT NULL,
  PRIMARY KEY (message, address, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_recipient_address ON message_recipient(address);

CREATE TABLE url (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  host TEXT NOT NULL,
  key TEXT NOT NULL,
  entity_id INTEGER
) STRICT;

CREATE INDEX url_key ON url(key);

CREATE INDEX url_host ON url(host);

CREATE INDEX url_entity ON url(entity_id);

CREATE TABLE attachment (
  id INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT,
  bytes INTEGER,
  sha256 TEXT,
  sha1 TEXT,
  md5 TEXT,
  entity_id INTEGER
) STRICT;

CREATE INDEX attachment_message ON attachment(message);

CREATE INDEX attachment_sha256 ON attachment(sha256);

CREATE INDEX attachment_sha1 ON attachment(sha1);

CREATE INDEX attachment_entity ON attachment(entity_id);

CREATE TABLE message_url (
  message INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  url_id INTEGER NOT NULL REFERENCES url(id),
  original TEXT NOT NULL,
  rewritten TEXT,
  place TEXT NOT NULL,
  label TEXT,
  attachment INTEGER,
  PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_url_url ON message_url(url_id);

CREATE TABLE directory_object (
  id INTEGER PRIMARY KEY,
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL,
  entity_id INTEGER,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  sid TEXT,
  dn TEXT,
  domain TEXT,
  item TEXT NOT NULL
, collected_at INTEGER) STRICT;

CREATE INDEX directory_object_evidence ON directory_object(evidence_id);

CREATE INDEX directory_object_sid ON directory_object(sid);

CREATE TABLE directory_edge (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  record INTEGER NOT NULL,
  relation TEXT NOT NULL,
  from_ref TEXT NOT NULL,
  to_ref TEXT NOT NULL,
  inherited INTEGER NOT NULL
) STRICT;

CREATE INDEX directory_edge_evidence ON directory_edge(evidence_id);

CREATE TABLE entity (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  first_seen INTEGER,
  last_seen INTEGER,
  attributes TEXT NOT NULL,
  run INTEGER NOT NULL
) STRICT;

CREATE INDEX entity_kind ON entity(kind, name, id);

CREATE TABLE alias (
  entity_id INTEGER NOT NULL REFERENCES entity(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  evidence_id INTEGER,
  record INTEGER,
  confidence REAL NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (entity_id, kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_value ON alias(kind, value);

CREATE TABLE relation (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  from_id INTEGER NOT NULL REFERENCES entity(id),
  to_id INTEGER NOT NULL REFERENCES entity(id),
  first_at INTEGER,
  last_at INTEGER,
  count INTEGER NOT NULL,
  confidence REAL NOT NULL,
  observed INTEGER NOT NULL,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  event_total INTEGER NOT NULL,
  uses BLOB NOT NULL,
  run INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX relation_identity ON relation(kind, from_id, to_id);

CREATE TABLE relation_proof (
  relation_id INTEGER NOT NULL REFERENCES relation(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  event_id INTEGER,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (relation_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE pack (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  imported_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  format TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  entries INTEGER NOT NULL,
  rejected INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX pack_version ON pack(name, version);

CREATE TABLE pack_entry (
  id INTEGER PRIMARY KEY,
  pack_id INTEGER NOT NULL REFERENCES pack(id) ON DELETE CASCADE,
  pattern TEXT NOT NULL,
  scope TEXT NOT NULL,
  host TEXT NOT NULL,
  normal TEXT NOT NULL,
  level TEXT NOT NULL,
  category TEXT,
  first_seen INTEGER,
  expires_at INTEGER,
  note TEXT
) STRICT;

CREATE INDEX pack_entry_pack ON pack_entry(pack_id, host);

CREATE TABLE policy (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE retro_run (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  policy TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE job_log (
  id INTEGER PRIMARY KEY,
  method TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  error TEXT,
  result TEXT
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  details TEXT NOT NULL,
  evidence_id INTEGER,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TABLE raw_heading (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  first_record INTEGER NOT NULL,
  heading TEXT,
  PRIMARY KEY (evidence_id, first_record)
) STRICT, WITHOUT ROWID;

CREATE TABLE "str" (id INTEGER PRIMARY KEY, v TEXT NOT NULL, h INTEGER) STRICT;

CREATE TABLE str_hash (h INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (h, id)) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE str_fts USING fts5(v, content='str', content_rowid='id', tokenize='trigram', detail=none, columnsize=0);

CREATE TABLE pack_off (
  pack_id INTEGER PRIMARY KEY REFERENCES pack(id) ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE url_analysis (
  url_id INTEGER PRIMARY KEY REFERENCES url(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  version TEXT NOT NULL,
  level TEXT NOT NULL,
  category TEXT NOT NULL,
  score REAL NOT NULL,
  signs TEXT NOT NULL
) STRICT;

CREATE TABLE pack_table (
  pack_id INTEGER PRIMARY KEY REFERENCES pack(id) ON DELETE CASCADE,
  filter BLOB NOT NULL,
  slots BLOB NOT NULL,
  hosts BLOB NOT NULL,
  starts BLOB NOT NULL,
  ids BLOB NOT NULL,
  marks BLOB NOT NULL
) STRICT;

CREATE TABLE url_table (
  part INTEGER PRIMARY KEY,
  last_id INTEGER NOT NULL,
  hosts BLOB NOT NULL,
  starts BLOB NOT NULL,
  names BLOB NOT NULL,
  name_counts BLOB NOT NULL,
  first BLOB NOT NULL,
  ids BLOB NOT NULL
) STRICT;

CREATE TRIGGER url_table_deleted AFTER DELETE ON url BEGIN DELETE FROM url_table; END;

CREATE TRIGGER url_table_changed AFTER UPDATE OF url, host ON url BEGIN DELETE FROM url_table; END;

CREATE TABLE plan_decision (
  item TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX relation_from ON relation(from_id, kind, to_id, first_at, last_at, confidence);

CREATE INDEX relation_to ON relation(to_id, kind, from_id, first_at, last_at, confidence);

CREATE TABLE detection (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  what TEXT NOT NULL,
  level TEXT NOT NULL,
  subject_id INTEGER NOT NULL REFERENCES entity(id),
  first_at INTEGER,
  last_at INTEGER,
  count INTEGER NOT NULL,
  confidence REAL NOT NULL,
  reason TEXT NOT NULL,
  proof_total INTEGER NOT NULL,
  run INTEGER NOT NULL
) STRICT;

CREATE INDEX detection_subject ON detection(subject_id);

CREATE INDEX detection_time ON detection(first_at, id);

CREATE TABLE detection_entity (
  detection_id INTEGER NOT NULL REFERENCES detection(id) ON DELETE CASCADE,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  PRIMARY KEY (detection_id, entity_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX detection_entity_entity ON detection_entity(entity_id);

CREATE TABLE detection_proof (
  detection_id INTEGER NOT NULL REFERENCES detection(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  event_id INTEGER,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (detection_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE correlation_unit (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL,
  scope TEXT NOT NULL,
  version TEXT NOT NULL,
  reads BLOB NOT NULL,
  fingerprint TEXT NOT NULL,
  relations INTEGER NOT NULL,
  detections INTEGER NOT NULL,
  UNIQUE (rule, scope)
) STRICT;

CREATE TABLE correlation_part (
  id INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES correlation_unit(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  marks BLOB NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE INDEX correlation_part_unit ON correlation_part(unit_id);

CREATE TABLE correlation_identity (entity_id INTEGER PRIMARY KEY, mark INTEGER NOT NULL) STRICT;

CREATE TABLE clock_offset (
  clock INTEGER PRIMARY KEY,
  ahead INTEGER NOT NULL,
  confidence REAL NOT NULL,
  support INTEGER NOT NULL,
  against INTEGER NOT NULL,
  compared INTEGER NOT NULL,
  proof TEXT NOT NULL
) STRICT;

CREATE TABLE relation_clock (
  relation_id INTEGER PRIMARY KEY REFERENCES relation(id) ON DELETE CASCADE,
  first_at INTEGER,
  last_at INTEGER,
  uses BLOB NOT NULL
) STRICT;

CREATE TABLE identity_decision (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  entity_kind TEXT NOT NULL,
  members TEXT NOT NULL,
  aliases TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  undone_at INTEGER,
  undo_reason TEXT,
  applied INTEGER
) STRICT;

CREATE TABLE sweep_criteria (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  format TEXT NOT NULL,
  indicators INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE sweep_run (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  name TEXT NOT NULL,
  from_at INTEGER,
  to_at INTEGER,
  counts TEXT NOT NULL,
  totals TEXT NOT NULL,
  criteria TEXT NOT NULL
) STRICT;

CREATE TABLE sweep_sighting (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES sweep_run(id) ON DELETE CASCADE,
  indicator TEXT NOT NULL,
  at INTEGER,
  event_id INTEGER,
  entity_id INTEGER,
  user_id INTEGER,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;

CREATE INDEX sweep_sighting_run ON sweep_sighting(run_id, indicator);

CREATE TABLE mark (
  id INTEGER PRIMARY KEY,
  target_kind TEXT NOT NULL,
  target_key TEXT NOT NULL,
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  changed_at INTEGER,
  actor TEXT NOT NULL
) STRICT;

CREATE INDEX mark_target ON mark(target_kind, target_key);

CREATE INDEX mark_type ON mark(type, value);

CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  screen TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  changed_at INTEGER,
  actor TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX saved_view_name ON saved_view(screen, name);

CREATE TABLE analyst_entity (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  changed_at INTEGER,
  actor TEXT NOT NULL
) STRICT;

CREATE TABLE analyst_relation (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  from_key TEXT NOT NULL,
  from_name TEXT NOT NULL,
  to_key TEXT NOT NULL,
  to_name TEXT NOT NULL,
  label TEXT NOT NULL,
  text TEXT NOT NULL,
  confidence REAL NOT NULL,
  happened_at INTEGER,
  at INTEGER NOT NULL,
  changed_at INTEGER,
  actor TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX analyst_relation_ends ON analyst_relation(from_key, to_key);

CREATE TABLE work_step (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  is_undone INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE event_count (
  evidence_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER,
  last_at INTEGER,
  PRIMARY KEY (evidence_id, kind, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE merged_chain (id INTEGER PRIMARY KEY, case_id TEXT NOT NULL) STRICT;

CREATE TABLE merged_audit (
  chain_id INTEGER NOT NULL REFERENCES merged_chain(id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  details TEXT NOT NULL,
  evidence_id INTEGER,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (chain_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER merged_audit_no_update BEFORE UPDATE ON merged_audit BEGIN SELECT RAISE(ABORT, 'merged_audit is append-only'); END;

CREATE TRIGGER merged_audit_no_delete BEFORE DELETE ON merged_audit BEGIN SELECT RAISE(ABORT, 'merged_audit is append-only'); END;

CREATE TABLE case_merge (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  case_id TEXT NOT NULL,
  file TEXT NOT NULL,
  chain_id INTEGER NOT NULL REFERENCES merged_chain(id),
  entries INTEGER NOT NULL,
  head TEXT NOT NULL,
  counts TEXT NOT NULL,
  undone_at INTEGER,
  undone_first INTEGER,
  undone_last INTEGER
) STRICT;

CREATE TABLE merge_item (
  merge_id INTEGER NOT NULL REFERENCES case_merge(id),
  position INTEGER NOT NULL,
  part TEXT NOT NULL,
  item TEXT NOT NULL,
  before TEXT,
  after TEXT,
  PRIMARY KEY (merge_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE merge_settled (
  part TEXT NOT NULL,
  item TEXT NOT NULL,
  mine TEXT NOT NULL,
  theirs TEXT NOT NULL,
  choice TEXT NOT NULL,
  merge_id INTEGER NOT NULL REFERENCES case_merge(id),
  PRIMARY KEY (part, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk (screen TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE text_segment (
  segment INTEGER PRIMARY KEY,
  last_id INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  base INTEGER NOT NULL,
  times BLOB NOT NULL,
  fresh BLOB NOT NULL,
  ids BLOB NOT NULL,
  masks BLOB NOT NULL
) STRICT;

CREATE TABLE column_text (
  name TEXT NOT NULL,
  segment INTEGER NOT NULL,
  ids BLOB NOT NULL,
  PRIMARY KEY (name, segment)
) STRICT, WITHOUT ROWID;

CREATE TABLE identifier_gram (
  id INTEGER PRIMARY KEY,
  bits BLOB NOT NULL
) STRICT;

CREATE TABLE evidence_part (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  part INTEGER NOT NULL,
  importer TEXT NOT NULL,
  origin TEXT NOT NULL,
  first_record INTEGER NOT NULL,
  records INTEGER,
  bytes INTEGER,
  sha256 TEXT,
  is_repeat INTEGER NOT NULL,
  PRIMARY KEY (evidence_id, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX evidence_part_bytes ON evidence_part(bytes, sha256);
