import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { tryParseArn } from '@aws-delivery/aws/arn';
import { poll } from '@aws-delivery/aws/poll';
import type { RepositoryAssociation, RepositoryAssociationSummary } from '@aws-sdk/client-codeguru-reviewer';
import type { Reviewer } from './reviewer-client.js';

/** Names that the association of this repository may have. */
export interface RepositoryNames {
  /** The input `association`. */
  readonly association: string | undefined;
  /** `owner/name`; undefined if the host does not set it. */
  readonly repository: string | undefined;
  /** Name of the checked-out directory, which the AWS CodeGuru CLI uses as the association's name. */
  readonly directory: string;
}

export type AssociationLookup =
  | { readonly kind: 'found'; readonly association: RepositoryAssociation & { readonly AssociationArn: string } }
  | { readonly kind: 'none'; readonly message: string };

export interface AssociationServices {
  readonly reviewer: Reviewer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

const NO_NEW_ASSOCIATIONS_HINT =
  "AWS has not accepted new associations since 7 November 2025. Set 'association' to an existing one, or use another source with 'findings-from'.";

interface Candidate {
  readonly owner: string | undefined;
  readonly name: string;
}

const parseCandidate = (fullName: string): Candidate => {
  const slash = fullName.lastIndexOf('/');
  return slash === -1
    ? { owner: undefined, name: fullName }
    : { owner: fullName.slice(0, slash), name: fullName.slice(slash + 1) };
};

/** Candidates in order of preference. Those without an owner match associations of the provider S3Bucket. */
const listCandidates = ({ association, repository, directory }: RepositoryNames): readonly Candidate[] => {
  if (association !== undefined) return [parseCandidate(association)];
  const ownCandidates = repository === undefined ? [] : [parseCandidate(repository)];
  return [
    ...ownCandidates,
    ...ownCandidates.map(({ name }) => ({ owner: undefined, name })),
    { owner: undefined, name: directory },
  ];
};

const matchesCandidate = ({ owner, name }: Candidate, summary: RepositoryAssociationSummary): boolean =>
  summary.Name === name && (owner === undefined ? summary.ProviderType === 'S3Bucket' : summary.Owner === owner);

const isUsable = ({ State }: RepositoryAssociationSummary): boolean =>
  State === 'Associated' || State === 'Associating';

/** Prefers usable associations. An input without an owner matches an association of any owner. */
const chooseAssociation = (
  candidates: readonly Candidate[],
  associations: readonly RepositoryAssociationSummary[],
  acceptsAnyOwner: boolean,
) => {
  const matches = candidates.flatMap((candidate) => associations.filter((each) => matchesCandidate(candidate, each)));
  const associationsToChoose = acceptsAnyOwner && matches.length === 0 ? associations : matches;
  return associationsToChoose.find(isUsable) ?? associationsToChoose[0];
};

const findArn = async (names: RepositoryNames, reviewer: Reviewer): Promise<string | undefined> => {
  if (names.association !== undefined && tryParseArn(names.association) !== undefined) return names.association;
  const candidates = listCandidates(names);
  const associations = await reviewer.findAssociations([...new Set(candidates.map(({ name }) => name))]);
  return chooseAssociation(
    candidates,
    associations,
    names.association !== undefined && !names.association.includes('/'),
  )?.AssociationArn;
};

const waitForAssociation = async (arn: string, services: AssociationServices): Promise<RepositoryAssociation> => {
  const { reviewer, clock, signal, deadline } = services;
  return poll({
    label: `association ${arn} to be associated`,
    clock,
    signal,
    deadline,
    backoff: { initialDelayMs: 5000, maxDelayMs: 15_000 },
    read: async () => {
      const value = await reviewer.getAssociation(arn);
      return value.State === 'Associating' ? { state: 'pending' } : { state: 'done', value };
    },
  });
};

const formatCandidates = (names: RepositoryNames): string =>
  [...new Set(listCandidates(names).map(({ owner, name }) => (owner === undefined ? name : `${owner}/${name}`)))].join(
    ', ',
  );

/**
 * Finds the association of a repository, and waits while it is being created. Never creates one.
 * @throws DeliveryError `conflict` for an association that cannot be used
 */
export const findAssociation = async (
  names: RepositoryNames,
  services: AssociationServices,
): Promise<AssociationLookup> => {
  const notFound: AssociationLookup = {
    kind: 'none',
    message: `CodeGuru Reviewer has no repository association for ${formatCandidates(names)}. ${NO_NEW_ASSOCIATIONS_HINT}`,
  };
  const arn = await findArn(names, services.reviewer);
  if (arn === undefined) return notFound;
  const association = await waitForAssociation(arn, services).catch((error) => {
    if (hasErrorCode(error, 'NotFoundException', 'ResourceNotFoundException')) return undefined;
    throw error;
  });
  if (association === undefined || association.State === 'Disassociated') return notFound;
  if (association.State === 'Associated')
    return { kind: 'found', association: { ...association, AssociationArn: arn } };
  const reason = association.StateReason === undefined ? '' : ` (${association.StateReason})`;
  const message = `association ${arn} has the state ${association.State}${reason} and cannot be used. ${NO_NEW_ASSOCIATIONS_HINT}`;
  throw new DeliveryError('conflict', message);
};
