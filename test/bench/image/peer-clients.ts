import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BenchmarkContext } from '../benchmark.js';

const run = promisify(execFile);

/** A transfer that is measured; paths and references are those of the command line. */
export type Transfer =
  | { readonly kind: 'layout'; readonly directory: string; readonly target: string }
  | { readonly kind: 'docker-archive'; readonly path: string; readonly target: string }
  | { readonly kind: 'registry'; readonly source: string; readonly target: string };

/** The command line of a client for a transfer; undefined where the client does not support it. */
type Command = (transfer: Transfer) => readonly string[] | undefined;

const getHost = (reference: string): string => reference.split('/')[0] ?? '';

const COMMANDS: Readonly<Record<string, Command>> = {
  crane: (transfer) => {
    if (transfer.kind === 'registry') return ['copy', '--insecure', transfer.source, transfer.target];
    const path = transfer.kind === 'layout' ? transfer.directory : transfer.path;
    return ['push', '--insecure', path, transfer.target];
  },
  oras: (transfer) => {
    if (transfer.kind === 'docker-archive') return undefined;
    return transfer.kind === 'layout'
      ? ['cp', '--from-oci-layout', '--to-plain-http', `${transfer.directory}:latest`, transfer.target]
      : ['cp', '--from-plain-http', '--to-plain-http', transfer.source, transfer.target];
  },
  regctl: (transfer) => {
    if (transfer.kind === 'docker-archive') return undefined;
    const source = transfer.kind === 'layout' ? `ocidir://${transfer.directory}:latest` : transfer.source;
    const hosts = [transfer.target, ...(transfer.kind === 'registry' ? [transfer.source] : [])].map(getHost);
    const options = [...new Set(hosts)].flatMap((host) => ['--host', `reg=${host},tls=disabled`]);
    return [...options, 'image', 'copy', source, transfer.target];
  },
  skopeo: (transfer) => {
    const target = ['--dest-tls-verify=false', `docker://${transfer.target}`];
    if (transfer.kind === 'registry') {
      return ['copy', '--quiet', '--src-tls-verify=false', `docker://${transfer.source}`, ...target];
    }
    const source = transfer.kind === 'layout' ? `oci:${transfer.directory}:latest` : `docker-archive:${transfer.path}`;
    return ['copy', '--quiet', source, ...target];
  },
};

/** The installed clients that support a transfer. */
export const listPeers = (transfer: Transfer, { programs }: BenchmarkContext): readonly string[] =>
  Object.keys(COMMANDS).filter((name) => programs[name] !== undefined && COMMANDS[name]?.(transfer) !== undefined);

/** Runs a client. Throws Error when it fails. */
export const runPeer = async (name: string, transfer: Transfer, { programs }: BenchmarkContext): Promise<void> => {
  const [program, args] = [programs[name], COMMANDS[name]?.(transfer)];
  if (program === undefined || args === undefined) throw new Error(`${name} is not installed`);
  await run(program, [...args], { maxBuffer: 64 * 1024 * 1024 });
};

/** The clients and the registry with their versions, on one line. */
export const listVersions = async ({ programs }: BenchmarkContext): Promise<string> => {
  const versions: string[] = [];
  for (const [name, program] of Object.entries(programs)) {
    if (program === undefined) continue;
    const args = name === 'skopeo' || name === 'docker-registry' ? ['--version'] : ['version'];
    const { stdout } = await run(program, args);
    versions.push(`${name} ${/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? 'of an unknown version'}`);
  }
  return versions.join(', ');
};
