import type { Document } from '../../call.js';
import type { Role, SessionTerms } from '../../iam/identity.js';
import { type Policy, policySchema } from '../../iam/policy.js';
import { Refusal } from '../../refusal.js';
import { isDocument } from '../../wire/json.js';

/** What both ways to assume a role ask for. */
export interface SessionRequest {
  readonly roleArn: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly terms: Omit<SessionTerms, 'issuedAt' | 'expiresAt'>;
  /** Share of the space for policies and tags, in percent. */
  readonly packedSize: number;
}

export const refused = (code: string, message: string, status = 400): Refusal => new Refusal({ code, message, status });

const invalid = (member: string, value: unknown, rule: string): Refusal =>
  refused(
    'ValidationError',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );

/** A number must be between the two, a text have so many characters. */
const checkRange = (member: string, value: string | number, least: number, most: number): void => {
  const [size, measure] = typeof value === 'number' ? [value, 'value'] : [value.length, 'length'];
  if (size < least) throw invalid(member, value, `have ${measure} greater than or equal to ${least}`);
  if (size > most) throw invalid(member, value, `have ${measure} less than or equal to ${most}`);
};

const readName = (member: string, value: unknown): string => {
  const text = String(value);
  if (!/^[\w+=,.@-]*$/.test(text)) throw invalid(member, text, 'satisfy regular expression pattern: [\\w+=,.@-]*');
  checkRange(member, text, 2, 64);
  return text;
};

const readDuration = (value: unknown): number => {
  const seconds = Number(value ?? 3600);
  checkRange('durationSeconds', seconds, 900, 43_200);
  return seconds * 1000;
};

const readPolicy = (text: unknown): readonly Policy[] => {
  if (text === undefined) return [];
  const parsed = policySchema.safeParse(text);
  if (!parsed.success) throw refused('MalformedPolicyDocument', 'This policy contains invalid Json');
  return [parsed.data];
};

const readTags = (value: unknown): Readonly<Record<string, string>> => {
  const tags = Array.isArray(value) ? value.filter(isDocument) : [];
  if (tags.length > 50) throw invalid('tags', `${tags.length} tags`, 'have length less than or equal to 50');
  const pairs = tags.map(({ Key, Value }) => [String(Key), String(Value)] as const);
  for (const [key, text] of pairs) {
    checkRange('tags.member.key', key, 1, 128);
    checkRange('tags.member.value', text, 0, 256);
  }
  return Object.fromEntries(pairs);
};

const packedSizeOf = (input: Document, limit: number): number => {
  const packed = [input['Policy'] ?? '', ...Object.entries(readTags(input['Tags'])).flat()].join('');
  const percent = Math.ceil((Buffer.byteLength(packed) * 100) / limit);
  if (percent > 100) {
    throw refused(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    );
  }
  return percent;
};

/** Reads and checks the common members. Throws `Refusal` as STS answers; `limit` is the space for policies and tags. */
export const readSessionRequest = (input: Document, limit: number): SessionRequest => {
  const { TransitiveTagKeys: transitive, SourceIdentity: source } = input;
  if (input['PolicyArns'] !== undefined) {
    throw refused('NotImplemented', 'local AWS has no managed policies: pass the session policy as Policy', 501);
  }
  return {
    roleArn: String(input['RoleArn']),
    duration: readDuration(input['DurationSeconds']),
    packedSize: packedSizeOf(input, limit),
    terms: {
      sessionName: readName('roleSessionName', input['RoleSessionName']),
      policies: readPolicy(input['Policy']),
      tags: readTags(input['Tags']),
      transitiveTagKeys: Array.isArray(transitive) ? transitive.map(String) : [],
      sourceIdentity: source === undefined ? undefined : readName('sourceIdentity', source),
    },
  };
};

export const checkMaximum = ({ duration }: SessionRequest, role: Role): void => {
  if (duration > role.maxSessionDuration) {
    throw refused('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
};
