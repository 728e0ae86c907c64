import { arnIn } from '@aws-delivery/action-kit/aws';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { poll } from '@aws-delivery/action-kit/poll';
import type { RepositoryAssociation, RepositoryAssociationSummary } from '@aws-sdk/client-codeguru-reviewer';
import type { Reviewer } from './reviewer.js';

/** What this repository is called, by which its association may go. */
export interface RepositoryNames {
  /** `association` as it was given. */
  readonly given: string | undefined;
  /** `owner/name`; undefined where the host does not say. */
  readonly repository: string | undefined;
  /** Of the folder that was checked out, after which the CLI names associations. */
  readonly folder: string;
}

/** An association, or the truth where there is none. */
export type Found =
  | { readonly kind: 'found'; readonly association: RepositoryAssociation & { readonly AssociationArn: string } }
  | { readonly kind: 'none'; readonly text: string };

export interface AssociationServices {
  readonly reviewer: Reviewer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

const CLOSED =
  "AWS has taken no new associations since 7 November 2025, so none can be made; name an existing one in 'association', or take findings from another source with 'findings-from'";

interface Candidate {
  readonly owner: string | undefined;
  readonly name: string;
}

const candidateIn = (text: string): Candidate => {
  const slash = text.lastIndexOf('/');
  return slash === -1 ? { owner: undefined, name: text } : { owner: text.slice(0, slash), name: text.slice(slash + 1) };
};

/** Names in the order in which they are tried; an association in S3 has no owner that a repository would know. */
const candidatesOf = ({ given, repository, folder }: RepositoryNames): readonly Candidate[] => {
  if (given !== undefined) return [candidateIn(given)];
  const own = repository === undefined ? [] : [candidateIn(repository)];
  return [...own, ...own.map(({ name }) => ({ owner: undefined, name })), { owner: undefined, name: folder }];
};

const fits = ({ owner, name }: Candidate, found: RepositoryAssociationSummary): boolean =>
  found.Name === name && (owner === undefined ? found.ProviderType === 'S3Bucket' : found.Owner === owner);

const isUsable = ({ State }: RepositoryAssociationSummary): boolean =>
  State === 'Associated' || State === 'Associating';

/** A name given without an owner may be that of any association. */
const choose = (candidates: readonly Candidate[], found: readonly RepositoryAssociationSummary[], isGiven: boolean) => {
  const matches = candidates.flatMap((candidate) => found.filter((each) => fits(candidate, each)));
  const loose = isGiven && matches.length === 0 ? found : matches;
  return loose.find(isUsable) ?? loose[0];
};

const arnFor = async (names: RepositoryNames, reviewer: Reviewer): Promise<string | undefined> => {
  if (names.given !== undefined && arnIn(names.given) !== undefined) return names.given;
  const candidates = candidatesOf(names);
  const listed = await reviewer.associationsNamed([...new Set(candidates.map(({ name }) => name))]);
  return choose(candidates, listed, names.given !== undefined && !names.given.includes('/'))?.AssociationArn;
};

const settled = async (arn: string, services: AssociationServices): Promise<RepositoryAssociation> => {
  const { reviewer, clock, signal, deadline } = services;
  return poll({
    what: `association ${arn} to be associated`,
    clock,
    signal,
    deadline,
    pace: { first: 5000, ceiling: 15_000 },
    read: async () => {
      const value = await reviewer.association(arn);
      return value.State === 'Associating' ? { state: 'pending' } : { state: 'done', value };
    },
  });
};

const namesText = (names: RepositoryNames): string =>
  [...new Set(candidatesOf(names).map(({ owner, name }) => (owner === undefined ? name : `${owner}/${name}`)))].join(
    ', ',
  );

/**
 * Finds the association of a repository; never makes one.
 * @throws DeliveryError `conflict` where there is one that cannot be used
 */
export const findAssociation = async (names: RepositoryNames, services: AssociationServices): Promise<Found> => {
  const none: Found = { kind: 'none', text: `CodeGuru Reviewer has no association of ${namesText(names)}: ${CLOSED}` };
  const arn = await arnFor(names, services.reviewer);
  if (arn === undefined) return none;
  const association = await settled(arn, services).catch((error) => {
    if (isCode(error, 'NotFoundException', 'ResourceNotFoundException')) return undefined;
    throw error;
  });
  if (association === undefined || association.State === 'Disassociated') return none;
  if (association.State === 'Associated')
    return { kind: 'found', association: { ...association, AssociationArn: arn } };
  const reason = association.StateReason === undefined ? '' : ` (${association.StateReason})`;
  const text = `association ${arn} is ${association.State}${reason} and cannot be used: ${CLOSED}`;
  throw new DeliveryError('conflict', text);
};
