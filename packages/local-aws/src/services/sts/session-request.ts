import type { Document } from '../../api-call.js';
import type { Role, SessionOptions } from '../../iam/identity.js';
import { type Policy, policySchema } from '../../iam/policy.js';
import { readDocuments, readStrings } from '../../protocols/document.js';
import { type ServiceError, serviceError } from '../../service-error.js';

/** Input members that AssumeRole and AssumeRoleWithWebIdentity share. */
export interface SessionRequest {
  readonly roleArn: string;
  /** In milliseconds. */
  readonly duration: number;
  readonly sessionOptions: Omit<SessionOptions, 'issuedAt' | 'expiresAt'>;
  /** PackedPolicySize, in percent. */
  readonly packedSize: number;
}

const constraintError = (member: string, value: unknown, rule: string): ServiceError =>
  serviceError(
    'ValidationError',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );

/** Validates the value of a number or the length of a string. */
const checkRange = (member: string, value: string | number, min: number, max: number): void => {
  const [size, measure] = typeof value === 'number' ? [value, 'value'] : [value.length, 'length'];
  if (size < min) throw constraintError(member, value, `have ${measure} greater than or equal to ${min}`);
  if (size > max) throw constraintError(member, value, `have ${measure} less than or equal to ${max}`);
};

const readName = (member: string, value: unknown): string => {
  const name = String(value);
  if (!/^[\w+=,.@-]*$/.test(name))
    throw constraintError(member, name, 'satisfy regular expression pattern: [\\w+=,.@-]*');
  checkRange(member, name, 2, 64);
  return name;
};

const readDuration = (value: unknown): number => {
  const seconds = Number(value ?? 3600);
  checkRange('durationSeconds', seconds, 900, 43_200);
  return seconds * 1000;
};

const readPolicy = (raw: unknown): readonly Policy[] => {
  if (raw === undefined) return [];
  const parsed = policySchema.safeParse(raw);
  if (!parsed.success) throw serviceError('MalformedPolicyDocument', 'This policy contains invalid Json');
  return [parsed.data];
};

const readTags = (value: unknown): Readonly<Record<string, string>> => {
  const tags = readDocuments(value);
  if (tags.length > 50) throw constraintError('tags', `${tags.length} tags`, 'have length less than or equal to 50');
  const pairs = tags.map(({ Key, Value }) => [String(Key), String(Value)] as const);
  for (const [key, tagValue] of pairs) {
    checkRange('tags.member.key', key, 1, 128);
    checkRange('tags.member.value', tagValue, 0, 256);
  }
  return Object.fromEntries(pairs);
};

const computePackedSize = (input: Document, limit: number): number => {
  const packed = [input['Policy'] ?? '', ...Object.entries(readTags(input['Tags'])).flat()].join('');
  const percent = Math.ceil((Buffer.byteLength(packed) * 100) / limit);
  if (percent > 100) {
    throw serviceError(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    );
  }
  return percent;
};

/** Parses the shared members. `limit` is the size in bytes of 100 % PackedPolicySize. @throws ServiceError */
export const readSessionRequest = (input: Document, limit: number): SessionRequest => {
  const { TransitiveTagKeys: transitive, SourceIdentity: source } = input;
  if (input['PolicyArns'] !== undefined) {
    throw serviceError(
      'NotImplemented',
      'Local AWS does not support managed session policies: pass the session policy in Policy',
      501,
    );
  }
  return {
    roleArn: String(input['RoleArn']),
    duration: readDuration(input['DurationSeconds']),
    packedSize: computePackedSize(input, limit),
    sessionOptions: {
      sessionName: readName('roleSessionName', input['RoleSessionName']),
      policies: readPolicy(input['Policy']),
      tags: readTags(input['Tags']),
      transitiveTagKeys: readStrings(transitive),
      sourceIdentity: source === undefined ? undefined : readName('sourceIdentity', source),
    },
  };
};

export const checkMaxDuration = ({ duration }: SessionRequest, role: Role): void => {
  if (duration > role.maxSessionDuration) {
    throw serviceError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
};
