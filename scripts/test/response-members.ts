import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSchemas } from '@aws-delivery/local-aws/protocols/schema';
import { root } from '../command.mjs';

const CLIENT_PATTERN = /@aws-sdk\/client-([a-z0-9-]+)/g;

/** Files of one workspace that use an SDK client, without comments. */
interface ClientUse {
  readonly workspace: string;
  readonly client: string;
  readonly texts: string[];
}

const removeComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

const listSources = (): readonly string[] =>
  ['aws', ...readdirSync(join(root, 'actions'))].flatMap((name) => {
    const directory = name === 'aws' ? 'packages/aws/src' : `actions/${name}/src`;
    return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(directory, path));
  });

const listClientUses = (): readonly ClientUse[] => {
  const uses = new Map<string, ClientUse>();
  for (const path of listSources()) {
    const text = readFileSync(join(root, path), 'utf8');
    const workspace = path.split(/[\\/]/)[1] ?? '';
    for (const [, client = ''] of text.matchAll(CLIENT_PATTERN)) {
      const use = uses.get(`${workspace} ${client}`) ?? { workspace, client, texts: [] };
      use.texts.push(removeComments(text));
      uses.set(`${workspace} ${client}`, use);
    }
  }
  return [...uses.values()];
};

/** Members of a structure and of all structures below it, as `Structure.member`. */
const collectMembers = (
  schema: Awaited<ReturnType<typeof getOutputs>>[number],
  found: Map<string, ReadonlySet<string>> = new Map(),
): ReadonlyMap<string, ReadonlySet<string>> => {
  if (schema.isListSchema() || schema.isMapSchema()) return collectMembers(schema.getValueSchema(), found);
  const name = schema.getName() ?? '';
  if (!schema.isStructSchema() || found.has(name)) return found;
  const members = [...schema.structIterator()];
  found.set(name, new Set(members.map(([member]) => member)));
  for (const [, member] of members) collectMembers(member, found);
  return found;
};

const getOutputs = async ({ client, texts }: ClientUse) => {
  const { operations } = readSchemas(await import(`@aws-sdk/client-${client}`));
  const commands = new Set([...texts.join('\n').matchAll(/\b([A-Z]\w+)Command\b/g)].map(([, name]) => name));
  return [...operations.values()].filter(({ name }) => commands.has(name)).map(({ output }) => output.sdkSchema);
};

/**
 * Members of responses that each workspace may read: those of the outputs of its commands whose names occur in the files
 * that use the client. A name may also be that of another thing.
 */
export const listResponseMembers = async (): Promise<readonly string[]> => {
  const lines = new Set<string>();
  for (const use of listClientUses()) {
    const words = new Set(use.texts.join('\n').match(/\b\w+\b/g));
    for (const output of await getOutputs(use))
      for (const [structure, members] of collectMembers(output))
        for (const member of members)
          if (words.has(member)) lines.add(`${use.workspace} ${use.client} ${structure}.${member}`);
  }
  return [...lines].sort();
};
