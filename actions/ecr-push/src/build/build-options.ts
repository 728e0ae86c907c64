import { createInputError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';

/** Subdirectories to build, each pushed to its own repository. */
export interface BuildOptions {
  readonly directory: string;
  /** Prefix of the repositories' names, literally. */
  readonly prefix: string;
  readonly args: Readonly<Record<string, string>>;
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

const DEFAULT_COMMON_LAYER = 'common-layer';

/** Inputs that require `build-directory`. */
const listDependentInputs = (inputs: Inputs): readonly (readonly [name: string, isProvided: boolean])[] => [
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

/** Parses the inputs for builds; undefined without `build-directory`. Throws `invalid-input`. */
export const parseBuildOptions = (inputs: Inputs, getTags: () => BuildOptions['tags']): BuildOptions | undefined => {
  const { 'build-directory': directory, 'build-args': args, 'common-layer-argument': argument } = inputs;
  if (directory === undefined) {
    const [unused] = listDependentInputs(inputs).filter(([, isProvided]) => isProvided);
    if (unused !== undefined) throw createInputError(`input '${unused[0]}' requires 'build-directory'`);
    return undefined;
  }
  rejectConflictingInputs(inputs);
  validateArgumentNames([...Object.keys(args), argument]);
  return {
    directory,
    prefix: inputs['repository-prefix'] ?? '',
    args,
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
