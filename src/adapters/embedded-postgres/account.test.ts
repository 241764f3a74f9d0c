import { expect, test } from 'vitest';
import { findIds } from './account.ts';

const ROOT = 'root:x:0:0:root:/root:/bin/bash';
const NOBODY = 'nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin';
const POSTGRES = 'postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash';

test.each([
  ['postgres where there is one', [ROOT, NOBODY, POSTGRES], { uid: 101, gid: 104 }],
  ['else nobody', [ROOT, NOBODY], { uid: 65_534, gid: 65_533 }],
  ['else the ids of nobody', [ROOT], { uid: 65_534, gid: 65_534 }],
  ['never root', [ROOT, 'postgres:x:0:0::/:'], { uid: 65_534, gid: 65_534 }],
])('PostgreSQL runs as %s', (_, lines, ids) => {
  expect(findIds(lines.join('\n'))).toEqual(ids);
});
