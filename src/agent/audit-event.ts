// One event of the audit trail, and the ids that journald knows the events by.

/** Event → MESSAGE_ID, which never changes: the catalog and other people's filters rest on it. */
export const auditMessageIds = {
  applied: 'aa686d59859f43d98767c055d7566c1c',
  degraded: '2c624926086c4e38acf6d98cbd7d75ac',
  parked: '2c9ca7e556044d0ea2dca13e85c7cc66',
  refused: 'd2a90a74345f4d76bf168c2ed6a88a45',
  'rolled-back': '19ed118bdbb146dba26ee8c1c40d74c2',
  'put-back': 'df5748577a694849a7c4a936cf12d68b',
  'file-left-out': 'c283927d7d954e7b9f53c94c63ff7b0e',
  drift: '9ca7c76f3af64d589f42bbf2fd8db189',
  layered: 'afc3bd9b66674cea9a11e7d34a908ca8',
  'layering-stopped': '782ccf27f7a34c9db9aba8cece3b1f9b',
  overwritten: '0e8b5e9c2bc44bd78677a01538c82513',
  adopted: '8afca73ac7c84fc9bc1b6ca569aef074',
  rewound: 'd75462838b194f0392c0e1202d2cc90d',
  restored: 'e2c98038476e4f48889c4b68bc6e9eed',
  pinned: '37e89bf4f4ce42d69a56b550d7e6a5b4',
  'pin-dropped': '5fc7516f61ce4ca6b2f8befe05e6e94e',
  resumed: 'e98ba9de71d640f493a9a7bcc10533a2',
  'policy-refused': 'ce4dc05150204aad9206a2ea248b3719',
  'source-held': 'ee23be1e6c084580b7f1eaa21b31dab0',
} as const;

export type AuditName = keyof typeof auditMessageIds;

/** One event. A state (as opposed to an act) is told when it begins, not again while it lasts. */
export interface AuditEvent {
  readonly name: AuditName;
  readonly isState: boolean;
  /** States of one key are one state, though the words change; without it the message is the key. */
  readonly key?: string;
  /** One sentence, one line; it begins with the name of the event. */
  readonly message: string;
  /** Journal fields without their `ICSPD_`; empty values are left out. */
  readonly fields: Readonly<Record<string, string>>;
}
