import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { NEWER_MEMBERS } from '../../test/chaos/newer-members.js';
import { listResponseMembers } from './response-members.js';

const LIST = join(import.meta.dirname, 'response-members.txt');

/** `cloudformation-deploy cloudformation Stack.DeletionMode newer`: the last word marks members added after 2022. */
const readList = (): ReadonlyMap<string, string> =>
  new Map(
    readFileSync(LIST, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [workspace, client, member, mark = ''] = line.split(' ');
        return [`${workspace} ${client} ${member}`, mark];
      }),
  );

const HEADER = `# Members of AWS responses that the actions may read. A member that was added to the API after 2022 is marked:
#   newer     test/chaos/older-api.test.ts runs without it
#   feature   it belongs to a feature that is newer itself: without it, the action says that the feature is not available
#   unread    its name occurs in the sources, but it is the name of something else
`;

it('the members of responses that actions read are listed, with a mark for newer ones', async () => {
  const listed = readList();
  const used = await listResponseMembers();
  if (process.env['UPDATE_GOLDEN'] !== undefined) {
    const lines = used.map((line) => `${line} ${listed.get(line) ?? 'CHECK'}`.trim());
    writeFileSync(LIST, `${HEADER}${lines.join('\n')}\n`);
  }
  // A new member: look up when it was added to the API, and what happens without it.
  expect(used.filter((line) => !listed.has(line))).toEqual([]);
  expect([...listed.keys()].filter((line) => !used.includes(line))).toEqual([]);
  expect([...new Set(listed.values())].sort()).toEqual(['', 'feature', 'newer', 'unread']);
});

it('the tests with an older API omit every newer member', () => {
  const omitted = new Set(
    Object.entries(NEWER_MEMBERS).flatMap(([client, members]) => members.map((member) => `${client} ${member}`)),
  );
  const newer = [...readList()]
    .filter(([, mark]) => mark === 'newer')
    .map(([line]) => line.replace(/^\S+ (\S+) \w+\./, '$1 '));
  expect(newer.filter((line) => !omitted.has(line))).toEqual([]);
  expect([...omitted].filter((line) => !newer.includes(line))).toEqual([]);
});
