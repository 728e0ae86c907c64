import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Inputs } from '../../action.js';

/** Folders to build, each into a repository of its own. */
export interface BuildWish {
  readonly directory: string;
  /** Stands before a folder's name as it is. */
  readonly prefix: string;
  readonly args: Readonly<Record<string, string>>;
  /** The folder that the others begin from; `isNamed` where it has to be there. */
  readonly common: { readonly folder: string; readonly isNamed: boolean; readonly argument: string };
  /** A commit; undefined to build everything. */
  readonly changedSince: string | undefined;
  /** Whether builds may pull with what is logged in to. */
  readonly logins: boolean;
  readonly tags: readonly string[];
}

const invalid = (message: string): DeliveryError => new DeliveryError('invalid-input', message);

const ARGUMENT = /^[A-Za-z_]\w*$/u;

const COMMON_LAYER = 'common-layer';

/** Inputs that mean nothing without folders to build. */
const dependent = (inputs: Inputs): readonly (readonly [name: string, isGiven: boolean])[] => [
  ['repository-prefix', inputs['repository-prefix'] !== undefined],
  ['build-args', Object.keys(inputs['build-args']).length > 0],
  ['common-layer', inputs['common-layer'] !== undefined],
  ['changed-since', inputs['changed-since'] !== undefined],
  ['build-logins', inputs['build-logins']],
];

const refuseRivals = ({ source, images, repository }: Inputs): void => {
  const rivals = Object.entries({ source, images, repository }).filter(([, value]) => value !== undefined);
  const [rival] = rivals;
  if (rival === undefined) return;
  throw invalid(
    `inputs 'build-directory' and '${rival[0]}' exclude each other: folders give images and repositories their names`,
  );
};

const refuseArguments = (names: readonly string[]): void => {
  const wrong = names.find((name) => !ARGUMENT.test(name));
  if (wrong === undefined) return;
  throw invalid(`'${wrong}' is not the name of a build argument: letters, digits and _, not beginning with a digit`);
};

/** What is to be built; undefined where nothing is. Throws `invalid-input`. */
export const buildWishOf = (inputs: Inputs, tags: () => BuildWish['tags']): BuildWish | undefined => {
  const { 'build-directory': directory, 'build-args': args, 'common-layer-argument': argument } = inputs;
  if (directory === undefined) {
    const [idle] = dependent(inputs).filter(([, isGiven]) => isGiven);
    if (idle !== undefined) throw invalid(`input '${idle[0]}' needs build-directory: name the folder of the folders`);
    return undefined;
  }
  refuseRivals(inputs);
  refuseArguments([...Object.keys(args), argument]);
  return {
    directory,
    prefix: inputs['repository-prefix'] ?? '',
    args,
    common: {
      folder: inputs['common-layer'] ?? COMMON_LAYER,
      isNamed: inputs['common-layer'] !== undefined,
      argument,
    },
    changedSince: inputs['changed-since'],
    logins: inputs['build-logins'],
    tags: tags(),
  };
};
