import { isAbsolute } from 'node:path';
import { createInputError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';

/** Subdirectories to build, each pushed to its own repository. */
export interface BuildOptions {
  readonly directory: string;
  /** Prefix of the repositories' names, literally. */
  readonly prefix: string;
  /** Relative to each subdirectory. */
  readonly dockerfile: string;
  /** Undefined for the last stage. */
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  /** Values by ID. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Paths by ID. */
  readonly secretFiles: Readonly<Record<string, string>>;
  /** In the notation of the engine; `{name}` stands for the subdirectory. */
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  /**
   * The subdirectory whose image the others are built from. It must exist if `isExplicit`; builds get its image's name
   * in the build argument `argument`.
   */
  readonly commonLayer: { readonly directory: string; readonly isExplicit: boolean; readonly argument: string };
  /** Commit to compare with; undefined to build everything. */
  readonly changedSince: string | undefined;
  /** Whether builds may use the registry logins to pull base images. */
  readonly logins: boolean;
  readonly tags: readonly string[];
}

const ARGUMENT_NAME = /^[A-Za-z_]\w*$/u;

/** Engines take a list of fields separated by commas. */
const SECRET_ID = /^[A-Za-z0-9_][\w.-]*$/u;

const DEFAULT_DOCKERFILE = 'Dockerfile';

const DEFAULT_COMMON_LAYER = 'common-layer';

/** Inputs that require `build-directory`. */
const listDependentInputs = (inputs: Inputs): readonly (readonly [name: string, isProvided: boolean])[] => [
  ['dockerfile', inputs.dockerfile !== DEFAULT_DOCKERFILE],
  ['build-target', inputs['build-target'] !== undefined],
  ['build-secrets', Object.keys(inputs['build-secrets']).length > 0],
  ['build-secret-files', Object.keys(inputs['build-secret-files']).length > 0],
  ['build-cache-from', inputs['build-cache-from'].length > 0],
  ['build-cache-to', inputs['build-cache-to'].length > 0],
  ['repository-prefix', inputs['repository-prefix'] !== undefined],
  ['build-args', Object.keys(inputs['build-args']).length > 0],
  ['common-layer', inputs['common-layer'] !== undefined],
  ['changed-since', inputs['changed-since'] !== undefined],
  ['build-logins', inputs['build-logins']],
];

const rejectConflictingInputs = (inputs: Inputs): void => {
  const { source, images, repository, 'index-of': indexOf } = inputs;
  const all = { source, images, repository, 'index-of': indexOf[0] };
  const conflicts = Object.entries(all).filter(([, value]) => value !== undefined);
  const [conflict] = conflicts;
  if (conflict === undefined) return;
  throw createInputError(
    `inputs 'build-directory' and '${conflict[0]}' cannot be combined: the names of the subdirectories determine images and repositories`,
  );
};

const validateArgumentNames = (names: readonly string[]): void => {
  const invalidName = names.find((name) => !ARGUMENT_NAME.test(name));
  if (invalidName === undefined) return;
  throw createInputError(
    `'${invalidName}' is not a valid name of a build argument: use letters, digits and _, and do not start with a digit`,
  );
};

const validateDockerfile = (path: string): void => {
  if (!isAbsolute(path) && !path.split(/[\\/]/u).includes('..')) return;
  throw createInputError(
    `input 'dockerfile': '${path}' is outside of the subdirectories: use a path inside each of them`,
  );
};

const validateSecrets = ({ 'build-secrets': secrets, 'build-secret-files': files }: Inputs): void => {
  const ids = [...Object.keys(secrets), ...Object.keys(files)];
  const invalidId = ids.find((id) => !SECRET_ID.test(id));
  if (invalidId !== undefined)
    throw createInputError(`'${invalidId}' is not a valid ID of a build secret: use letters, digits, _, . and -`);
  const duplicate = ids.find((id, index) => ids.indexOf(id) !== index);
  if (duplicate !== undefined)
    throw createInputError(
      `the build secret '${duplicate}' is in 'build-secrets' and 'build-secret-files': remove one`,
    );
};

/** GitHub's cache needs the token of the runner, which engines do not get. */
const validateCaches = (caches: readonly string[]): void => {
  const unsupported = caches.find((cache) => /(?:^|,)\s*type=gha(?:,|$)/u.test(cache));
  if (unsupported !== undefined)
    throw createInputError(`build cache '${unsupported}' is not supported: use type=registry or type=local`);
};

const parseCaches = (inputs: Inputs): Pick<BuildOptions, 'cacheFrom' | 'cacheTo'> => {
  const { 'build-cache-from': cacheFrom, 'build-cache-to': cacheTo } = inputs;
  validateCaches([...cacheFrom, ...cacheTo]);
  return { cacheFrom, cacheTo };
};

/** Parses the inputs for builds; undefined without `build-directory`. Throws `invalid-input`. */
export const parseBuildOptions = (inputs: Inputs, getTags: () => BuildOptions['tags']): BuildOptions | undefined => {
  const { 'build-directory': directory, 'build-args': args, 'common-layer-argument': argument } = inputs;
  if (directory === undefined) {
    const [unused] = listDependentInputs(inputs).filter(([, isProvided]) => isProvided);
    if (unused !== undefined) throw createInputError(`input '${unused[0]}' requires 'build-directory'`);
    return undefined;
  }
  rejectConflictingInputs(inputs);
  validateDockerfile(inputs.dockerfile);
  validateSecrets(inputs);
  validateArgumentNames([...Object.keys(args), argument]);
  return {
    directory,
    prefix: inputs['repository-prefix'] ?? '',
    dockerfile: inputs.dockerfile,
    target: inputs['build-target'],
    args,
    secrets: inputs['build-secrets'],
    secretFiles: inputs['build-secret-files'],
    ...parseCaches(inputs),
    commonLayer: {
      directory: inputs['common-layer'] ?? DEFAULT_COMMON_LAYER,
      isExplicit: inputs['common-layer'] !== undefined,
      argument,
    },
    changedSince: inputs['changed-since'],
    logins: inputs['build-logins'],
    tags: getTags(),
  };
};
